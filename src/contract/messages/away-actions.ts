/** What can be asked of runs that other machines compute. */
import { z } from 'zod';
import { mergeReportSchema, packReportSchema, packWishSchema } from '../elsewhere/away.ts';
import { action } from './action.ts';

export const awayActions = {
  /** Packs what a study has still to compute into a bundle of jobs; nothing here computes these runs meanwhile. */
  pack: action.input(packWishSchema).output(packReportSchema),
  /** Brings back what the jobs of a bundle have found so far. */
  merge: action.input(z.object({ folder: z.string().min(1) })).output(mergeReportSchema),
};
