/**
 * A kept model: one folder that holds all it needs to answer, wherever it is copied to.
 *
 * `model.json` is this description. Beside it lie the weights (one safetensors file a member: one model, or several
 * whose answers are averaged) and the reference, features of training samples that tell how unlike them a sample is.
 */
import { z } from 'zod';
import { storedColumnSchema } from '../data/columns.ts';
import { importSchema } from '../data/import.ts';
import { asStored } from '../known-fields.ts';
import { modalitySchema } from '../data/modality.ts';
import { sampleDescriptionSchema } from '../data/sample-description.ts';
import { sampleTypeSchema } from '../data/sample-values.ts';
import { armSchema, encoderSchema, labelBudgetSchema } from '../recipe/recipe.ts';
import { metricNameSchema } from '../results/metric.ts';
import { followedSchema, makingKindSchema, scoreSchema } from './making.ts';

/** Raised when a description changes so that older programs would read it wrongly. */
export const MODEL_FORMAT = 3;
/** What models are written as that an older program reads rightly. */
export const FIRST_MODEL_FORMAT = 1;

/** The lowest format that says all of a model: an older program would answer by its first head, whoever is asked. */
export const modelFormatOf = (
  { scaledByRecording }: { scaledByRecording?: true | undefined },
  heads = 1,
): Model['format'] => {
  if (heads > 1) return MODEL_FORMAT;
  // Recordings would be taken as they are stored.
  return scaledByRecording ? 2 : FIRST_MODEL_FORMAT;
};

export const MODEL_FILE = 'model.json';

/** @param head its place among the heads of the model */
export const referenceFile = (head = 0) =>
  head === 0 ? 'reference.safetensors' : `reference-${head}.safetensors`;

/** Weights of a model's only member, or of one of several. */
export const weightsFile = (seed?: number) =>
  seed === undefined ? 'weights.safetensors' : `weights-${seed}.safetensors`;

/** Whether the program gives such names to files in a model's folder. */
export const isModelPart = (name: string): boolean =>
  /^(model\.json|reference(-\d+)?\.safetensors|weights(-\d+)?\.safetensors)(\.tmp-\d+)?$/.test(name);

/** A file of the folder: a plain name, never a path. */
const partSchema = z.object({
  file: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  bytes: z.number().int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const scaleSchema = z.object({ mean: z.number(), deviation: z.number().positive() });
export type TargetScale = z.infer<typeof scaleSchema>;

const memberSchema = partSchema.extend({
  seed: z.number().int(),
  /** What the head of a number answers, times the deviation, plus the mean, is in its own unit; null for others. */
  scale: scaleSchema.nullable(),
  /** The same for each of several numbers. */
  scales: z.array(scaleSchema).optional(),
});

/** How new samples become what the model was trained on. */
export const modelPreparationSchema = z.object({
  /** What the import of its dataset was told; labels, groups and splits are left out of it. */
  options: asStored(importSchema.omit({ path: true })),
  /** How that import stored samples. */
  stored: z.object({ shape: z.array(z.number().int().positive()), dtype: sampleTypeSchema }),
  /** Steps from there to `inputShape`; empty where the dataset had that shape from the start. */
  steps: z.array(z.record(z.string(), z.unknown())),
  /** Images of 16 bits: how many of them the values were taken to use, which are spread over the whole range. */
  bits: z.number().int().min(9).max(16).nullable(),
  /** Signals: names of the channels in their order, and samples per second. */
  channelNames: z.array(z.string()).nullable(),
  samplingRate: z.number().nullable(),
  /** Recordings are brought to mean 0 and deviation 1 by themselves, channel by channel, before windows are taken. */
  scaledByRecording: z.literal(true).optional(),
  /** Tables that were put together with others: the dataset's own columns, which the steps begin from. */
  columns: z.array(storedColumnSchema).optional(),
});
export type ModelPreparation = z.infer<typeof modelPreparationSchema>;

/** Where a model comes from, as far as the project knows it. */
export const modelOriginSchema = z.object({
  project: z.string(),
  study: z.string(),
  runId: z.string(),
  /** Name of the fine-tuning run. */
  run: z.string(),
  dataset: z.string(),
  datasetId: z.string(),
  /** The pretext run that its encoder began with; null for random weights. */
  pretraining: z
    .object({ run: z.string(), task: z.string().nullable(), checkpointId: z.string() })
    .nullable(),
});
export type ModelOrigin = z.infer<typeof modelOriginSchema>;

/** What a head answers, for samples of which dataset, and how well. */
const headShape = {
  head: z.discriminatedUnion('kind', [
    /** Softmax over these classes, in the order of the head's outputs. */
    z.object({ kind: z.literal('classes'), classNames: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('number') }),
    /** A sigmoid for each label, in the order of the head's outputs: any of them may be there. */
    z.object({ kind: z.literal('labels'), names: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('numbers'), names: z.array(z.string()).min(1) }),
  ]),
  preparation: modelPreparationSchema,
  /**
   * Divides the logits (the logarithms of the averaged probabilities) for probabilities that can be believed; fitted
   * on validation data. Null for numbers, and where there was nothing to fit it on.
   */
  temperature: z.number().positive().nullable(),
  /** Numbers: an answer and this on either side holds the truth for a `level` of validation samples (split conformal). */
  intervals: z.array(
    z.object({
      level: z.number(),
      halfWidth: z.number(),
      /** Which of several numbers it is for. */
      target: z.number().int().optional(),
    }),
  ),
  /** Features of training samples; null where there were fewer than two. */
  reference: partSchema
    .extend({
      samples: z.number().int(),
      /** The distance of a sample: its mean cosine distance to so many nearest ones. */
      neighbors: z.number().int(),
      /** Distances among the training samples themselves, at 0, 1, …, 100 percent of them. */
      quantiles: z.array(z.number()).length(101),
    })
    .nullable(),
  trainedOn: modelOriginSchema.extend({
    arm: armSchema,
    budget: labelBudgetSchema,
    labels: z.number().int(),
    /** Which splits its labels came from. */
    splits: z.array(z.enum(['train', 'validation', 'test'])),
  }),
  /** Null where nothing of that split was kept from training: a final model has no test score of its own. */
  scores: z.object({
    metric: metricNameSchema,
    train: scoreSchema.nullable(),
    validation: scoreSchema.nullable(),
    test: scoreSchema.nullable(),
  }),
  /** Made at a person's word of runs that were finished; null where a run kept it by itself. */
  made: z
    .object({
      kind: makingKindSchema,
      followed: followedSchema,
      /** How often it went through the labels of its dataset; null for an ensemble, whose members are those of the seeds. */
      epochs: z.number().nullable(),
    })
    .nullable()
    .default(null),
};

/** A further head, for another dataset, on the same encoder. Its variables begin with `heads/` and the dataset's name. */
const otherHeadSchema = z.object({
  ...headShape,
  /** For each member; null for what is no number. */
  scales: z.array(z.array(scaleSchema).nullable()).min(1),
});
export type OtherHead = z.infer<typeof otherHeadSchema>;

export const modelSchema = z.object({
  format: z.union([z.literal(FIRST_MODEL_FORMAT), z.literal(2), z.literal(MODEL_FORMAT)]),
  /** Unique in the project; the name of its folder there. */
  id: z.string().regex(/^[a-z0-9]{10}-(\d+|ensemble|final)$/),
  name: z.string(),
  createdAt: z.string(),
  /** Version of the program that wrote it. */
  program: z.string(),
  modality: modalitySchema,
  /** What the encoder takes: [height, width, channels] or [length, channels]. */
  inputShape: z.array(z.number().int().positive()),
  encoder: encoderSchema,
  /** What the encoder was told of the samples beyond their shape. */
  about: sampleDescriptionSchema.default({}),
  ...headShape,
  /** In stored units (images: 0 to 255): subtracted, and divided by, before the encoder sees a sample. */
  channelStatistics: z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) }),
  /** Several: their answers are averaged. */
  members: z.array(memberSchema).min(1),
  /** Heads for other datasets that were trained on the same encoder at once: see `heads.ts`. */
  others: z.array(otherHeadSchema).min(1).optional(),
});
export type Model = z.infer<typeof modelSchema>;

/** The files of a model's folder beside its description, each with the size and the hash that it must have. */
export const partsOf = ({ members, reference, others = [] }: Model) => [
  ...members,
  ...[reference, ...others.map((one) => one.reference)].filter((part) => part !== null),
];

/** Of each number that a member answers; null where it answers none. */
export const scalesOf = ({ scale, scales }: Model['members'][number]): TargetScale[] | null =>
  scales ?? (scale && [scale]);

/** A model whose folder stands whole under the project's `models`, as the trainer tells of it. */
export const modelNoteSchema = z.object({
  model: modelSchema,
  /** Of all files in the folder. */
  bytes: z.number().int(),
});
export type ModelNote = z.infer<typeof modelNoteSchema>;

/** A model of a project, as it is listed. */
export const keptModelSchema = modelNoteSchema.extend({
  /** Its folder, absolute. */
  folder: z.string(),
});
export type KeptModel = z.infer<typeof keptModelSchema>;
