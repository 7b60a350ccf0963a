/** What can be asked of runs that other machines compute. */
import { z } from 'zod';
import {
  bundleNoteSchema,
  engineOffersSchema,
  engineWordsSchema,
  mergeReportSchema,
  packReportSchema,
  packWishSchema,
  submitReportSchema,
  submitWishSchema,
} from '../elsewhere/away.ts';
import { engineIdSchema } from '../elsewhere/engine.ts';
import { action } from './action.ts';

const bundle = z.object({ folder: z.string().min(1) });
const ofStudy = z.object({ studyId: z.string().min(1) });

export const awayActions = {
  /** Who could compute a study, and what this machine's settings say of them. */
  engines: action.input(ofStudy).output(engineOffersSchema),
  /** Packs what a study has still to compute into a bundle of jobs; nothing here computes these runs meanwhile. */
  pack: action.input(packWishSchema).output(packReportSchema),
  /** Hands jobs to an engine, which goes on when this program ends. */
  submit: action.input(submitWishSchema).output(submitReportSchema),
  /** Brings back what the jobs of a bundle have found so far; `id`: of this one and no other, wherever it lies. */
  merge: action.input(bundle.extend({ id: z.string().optional() })).output(mergeReportSchema),
  /** The bundles that runs of a study belong to, the oldest first. */
  bundles: action.input(ofStudy).output(z.array(bundleNoteSchema)),
  /** What the engine says of the jobs; it is asked at the person's word alone. */
  ask: action.input(bundle.extend({ engine: engineIdSchema })).output(engineWordsSchema),
  /** Takes what is not back from the engine, and puts it into the queue here. */
  takeBack: action.input(ofStudy).output(z.object({ runs: z.number().int(), words: z.string() })),
};
