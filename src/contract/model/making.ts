/**
 * What is made of finished runs at a person's word: one final model, trained once more on all labels by the settings
 * found; or an ensemble, whose answers are the mean of those of all seeds. Each is a run of its own in the study, which
 * measures nothing for the comparison.
 */
import { z } from 'zod';
import { metricNameSchema } from '../results/metric.ts';

/** A score with the number of samples that it is over. */
export const scoreSchema = z.object({ score: z.number(), samples: z.number().int() });

/** Which runs a model follows, and what they scored: means over their seeds. */
export const followedSchema = z.object({
  /** Names of runs of one arm at one label budget. */
  runs: z.array(z.string()).min(1),
  seeds: z.number().int().min(1),
  /** Labels that each seed was trained on. */
  labels: z.number().int(),
  metric: metricNameSchema,
  validation: scoreSchema,
  test: scoreSchema,
});
export type Followed = z.infer<typeof followedSchema>;

/** What a final model takes over for one head from the runs that it follows. */
const finalHeadShape = {
  followed: followedSchema,
  /** Null where they fitted none that can be believed. */
  temperature: z.number().positive().nullable(),
  intervals: z.array(
    z.object({ level: z.number(), halfWidth: z.number(), target: z.number().int().optional() }),
  ),
};

/** Of a further head, which the runs that are followed trained at once: by the name of its dataset. */
const datasetShape = { dataset: z.string() };

/** Labels beside those of the training split. */
export const heldOutSplitSchema = z.enum(['validation', 'test']);
export type HeldOutSplit = z.infer<typeof heldOutSplitSchema>;

const finalSchema = z.object({
  kind: z.literal('final'),
  splits: z.array(z.enum(['train', ...heldOutSplitSchema.options])).min(1),
  /** Share of the planned steps after which validation scores were best: the median over the seeds that are followed. */
  share: z.number().positive().max(1),
  ...finalHeadShape,
  others: z.array(z.object({ ...datasetShape, ...finalHeadShape })).optional(),
});

const ensembleSchema = z.object({
  kind: z.literal('ensemble'),
  followed: followedSchema,
  others: z.array(z.object({ ...datasetShape, followed: followedSchema })).optional(),
});

export const makingSchema = z.discriminatedUnion('kind', [finalSchema, ensembleSchema]);
export type Making = z.infer<typeof makingSchema>;
export type FinalMaking = z.infer<typeof finalSchema>;
export type EnsembleMaking = z.infer<typeof ensembleSchema>;

/**
 * What is said of one head.
 *
 * @param dataset whose head it is
 * @param place of the head among those of the model; the first is described beside the kind
 */
export function ofHead<Own extends { others?: { dataset: string }[] | undefined }>(
  making: Own,
  dataset: string,
  place: number,
): Own | NonNullable<Own['others']>[number] {
  if (place === 0) return making;
  const own = making.others?.find((other) => other.dataset === dataset);
  if (!own) throw new Error(`Bug: what is to be made says nothing of the head for ${dataset}.`);
  return own;
}

export const makingKindSchema = z.enum(['final', 'ensemble']);
export type MakingKind = z.infer<typeof makingKindSchema>;
