/** How far the training of one seed has come: what its checkpoint holds besides the model. */
import { z } from 'zod';
import { resultRowSchema } from '../../../contract/results/result.ts';
import type { StateArrays } from '../../../tensor/index.ts';
import { readCheckpoint, requireNotes } from '../../checkpoints/file.ts';
import { notYetStopped } from './early-stopping.ts';

const BEST_PREFIX = 'best/';

const positionSchema = z.object({
  seed: z.number().int(),
  step: z.number().int(),
  stopping: z.object({ bestScore: z.number().nullable(), bestStep: z.number().int() }),
  curve: resultRowSchema.shape.curve.unwrap(),
  /** Of the other heads that are trained at once. */
  otherCurves: z.array(resultRowSchema.shape.curve.unwrap()).default([]),
  lossSum: z.number(),
  lossCount: z.number().int(),
});
export type SeedPosition = z.infer<typeof positionSchema>;

export interface SeedProgress extends SeedPosition {
  /** Everything that moves: parameters, statistics, slots. */
  state: StateArrays;
  /** Parameters and statistics of the best moment so far. */
  best: StateArrays | null;
}

export function beginning(seed: number, state: StateArrays): SeedProgress {
  return {
    seed,
    step: 0,
    stopping: notYetStopped,
    curve: [],
    otherCurves: [],
    lossSum: 0,
    lossCount: 0,
    state,
    best: null,
  };
}

export async function readSeedProgress(checkpoint: { file: string; sha256: string }): Promise<SeedProgress> {
  const { tensors, metadata } = await readCheckpoint(checkpoint.file, checkpoint.sha256);
  const best = Object.entries(tensors).filter(([name]) => name.startsWith(BEST_PREFIX));
  return {
    ...requireNotes(positionSchema, metadata, checkpoint.file),
    state: Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith(BEST_PREFIX))),
    best:
      best.length > 0
        ? Object.fromEntries(best.map(([name, value]) => [name.slice(BEST_PREFIX.length), value]))
        : null,
  };
}

/** Tensors and metadata of a checkpoint of this moment. */
export function progressContents({ state, best, ...position }: SeedProgress): {
  tensors: StateArrays;
  metadata: SeedPosition;
} {
  const kept = Object.entries(best ?? {}).map(([name, value]) => [BEST_PREFIX + name, value]);
  return { tensors: { ...state, ...Object.fromEntries(kept) }, metadata: position };
}
