/** Where a pretext run stands: what it must know besides its tensors to continue, kept in its checkpoints. */
import { z } from 'zod';
import { healthRecordSchema, healthyRecord } from '../../learning/evaluation/health/health.ts';
import { emptyInterval } from '../step/curve.ts';

export const positionSchema = z.object({
  step: z.number().int(),
  bestScore: z.number().nullable(),
  /** Absent in checkpoints of versions that did not look at health. */
  health: healthRecordSchema.optional(),
  interval: z.object({ count: z.number().int(), sums: z.record(z.string(), z.number()) }),
});
export type Position = z.infer<typeof positionSchema>;

export const firstPosition = (): Position => ({
  step: 0,
  bestScore: null,
  health: healthyRecord(),
  interval: emptyInterval(),
});
