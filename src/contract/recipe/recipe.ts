/**
 * The recipe: one declarative document for a whole study.
 *
 * Every field has a default, a range and a sentence of help (`.describe`), from which the window's forms, the
 * command line's help and the error messages come. Options of encoders and pretext tasks are open objects
 * here: they are checked against the schema that the encoder or task itself declares.
 */
import { z } from 'zod';
import { deviceSchema } from './device.ts';
import { importSchema } from '../data/import.ts';
import { metricNameSchema } from '../results/metric.ts';
import { uncounted, unreadBy } from './identity.ts';
import { tournamentSchema } from './tournament.ts';
import { tuneSchema } from './tuning.ts';

export { modalitySchema, type Modality } from '../data/modality.ts';
export { splitSchema, type SplitRule } from '../data/split.ts';
export {
  columnRoleSchema,
  heeds,
  importSchema,
  type ColumnRole,
  type ImportOptions,
  type SharedOption,
} from '../data/import.ts';

export const datasetNameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u,
    'must be 1 to 64 letters, digits, spaces, dots, dashes or underscores',
  );

const options = z.record(z.string(), z.unknown()).default({});

export const labelBudgetSchema = z
  .union([
    z.object({ perClass: z.number().int().min(1).max(1_000_000) }).strict(),
    z.object({ total: z.number().int().min(1).max(100_000_000) }).strict(),
    z.object({ share: z.number().positive().max(1) }).strict(),
    z.literal('all'),
  ])
  .describe(
    'How many training labels fine-tuning may use: per class, in all, a share of them (0.1 is a tenth), or all there are.',
  );
export type LabelBudget = z.infer<typeof labelBudgetSchema>;

export const armSchema = z.enum(['pretrained', 'baseline', 'frozen', 'linear-probe', 'knn-probe']);
export type Arm = z.infer<typeof armSchema>;

export const bestBySchema = z.enum(['knn', 'rank', 'validation-loss']);
export type BestBy = z.infer<typeof bestBySchema>;

export const encoderSchema = z.object({
  family: z.string().default('residual').describe('Which encoder family.'),
  options,
});

export const pretextSchema = z.object({
  task: z.string().default('simclr').describe('Which pretext task.'),
  options,
  startFrom: z
    .string()
    .optional()
    .describe(
      'Id of a checkpoint of this project: pretraining goes on from its encoder instead of random weights. The heads are new.',
    ),
  epochs: z.number().int().min(1).max(10_000).default(20).describe('Passes over the unlabeled samples.'),
  batchSize: z.number().int().min(8).max(4096).default(128).describe('Samples in one step.'),
  accumulation: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe(
      'Parts in which a step is computed one after the other, to need less memory; 1: the whole batch at once.',
    ),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(0.002)
    .describe('Highest learning rate; a cosine lowers it to zero.'),
  warmupEpochs: z
    .number()
    .min(0)
    .max(1000)
    .default(1)
    .describe('Epochs over which the learning rate rises from zero.'),
  optimizer: z
    .enum(['adamw', 'momentum', 'lars'])
    .default('adamw')
    .describe(
      'AdamW, SGD with momentum 0.9, or LARS for very large batches (learning rates near 0.3 × batch size / 256).',
    ),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.0001)
    .describe('Decoupled weight decay; never on biases and batch norm.'),
  checkpointEverySteps: uncounted(
    z.number().int().min(1).max(1_000_000).default(100).describe('Steps between checkpoints.'),
  ),
  probeEveryEpochs: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(5)
    .describe('Epochs between kNN probes on validation data; 0 for none.'),
  linearProbe: z
    .boolean()
    .default(false)
    .describe('Let each probe also train a linear model on the frozen features: surer than kNN, and slower.'),
  checkpoint: z
    .enum(['last', 'best'])
    .default('last')
    .describe('Which checkpoint the transfer takes: that of the last step, or the best one.'),
  bestBy: bestBySchema
    .optional()
    .describe(
      'What the best checkpoint is best by, on samples that are not trained on: the kNN probe, the effective rank of the features, or the pretext loss. Default: the probe where there are labels, else the rank.',
    ),
  onCollapse: z
    .enum(['report', 'stop'])
    .default('report')
    .describe(
      'When the features collapse or the loss diverges and stays so: say it and go on, or stop the run.',
    ),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(1)
    .describe('Seed of everything random in pretraining.'),
  seeds: uncounted(
    z
      .number()
      .int()
      .min(1)
      .max(50)
      .optional()
      .describe(
        'How often pretraining is done, each time with another seed; the seeds of fine-tuning are spread over them. With one, results hold for that one; with three or more, the interval says what to expect of another. Default: once.',
      )
      .meta({ default: 1 }),
  ),
});
export type PretextConfig = z.infer<typeof pretextSchema>;

/** Settings that suit one task and one dataset and not another: left out, they are proposed and written down. */
export const PROPOSED = ['epochs', 'batchSize', 'learningRate', 'warmupEpochs', 'weightDecay'] as const;

const left = <Schema extends z.ZodType>(field: { unwrap(): Schema; description?: string | undefined }) =>
  field
    .unwrap()
    .optional()
    .describe(`${field.description} Default: what suits the task, the encoder and the data.`);
const { epochs, batchSize, learningRate, warmupEpochs, weightDecay } = pretextSchema.shape;

/** Stage 1 as a recipe asks for it: what it leaves out is not known before the data are. */
export const pretextWishSchema = pretextSchema.extend({
  epochs: left(epochs),
  batchSize: left(batchSize),
  learningRate: left(learningRate),
  warmupEpochs: left(warmupEpochs),
  weightDecay: left(weightDecay),
});
export type PretextWish = z.infer<typeof pretextWishSchema>;

/** Arms that never look at what is said of pretrained models (the encoder of a frozen one never moves), or of the baseline. */
const OF_PRETRAINED: readonly Arm[] = ['baseline', 'frozen'];
const OF_BASELINE: readonly Arm[] = ['pretrained', 'frozen', 'linear-probe', 'knn-probe'];

export const finetuneSchema = z.object({
  budgets: uncounted(
    z
      .array(labelBudgetSchema)
      .min(1)
      .default([{ perClass: 10 }])
      .describe('Label budgets to compare at.'),
  ),
  arms: uncounted(
    z
      .array(armSchema)
      .min(1)
      .default(['pretrained', 'baseline', 'frozen', 'linear-probe', 'knn-probe'])
      .describe(
        'What is compared: the same model pretrained and from random weights, the encoder frozen, probes.',
      ),
  ),
  seeds: uncounted(
    z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('How many seeds: each draws its own labels and initial weights, alike for every arm.'),
  ),
  metric: metricNameSchema
    .optional()
    .describe('What test scores mean. Default: balanced accuracy for classes, R² for numbers.'),
  epochs: z.number().int().min(1).max(10_000).default(60).describe('Most passes over the labeled samples.'),
  minimumSteps: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(200)
    .describe('Few labels make short epochs: at least so many steps are planned.'),
  batchSize: z.number().int().min(2).max(4096).default(64).describe('Samples in one step.'),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(0.001)
    .describe('Highest learning rate of the head and the last layer.'),
  layerDecay: unreadBy(
    OF_PRETRAINED,
    z
      .number()
      .min(0.1)
      .max(1)
      .default(1)
      .describe(
        'Each earlier layer of a pretrained model learns this much more slowly; 1: all alike, as in the baseline.',
      ),
  ),
  baselineLayerDecay: unreadBy(
    OF_BASELINE,
    z
      .number()
      .min(0.1)
      .max(1)
      .default(1)
      .describe('The same for the baseline: random weights near the input need to learn at full speed.'),
  ),
  frozenEpochs: unreadBy(
    OF_PRETRAINED,
    z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('Share of the steps at the start in which only the head of a pretrained model learns.'),
  ),
  baselineFrozenEpochs: unreadBy(
    OF_BASELINE,
    z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('The same for the baseline. Left out: none, all of it learns from the start.'),
  ),
  weightDecay: z.number().min(0).max(1).default(0.0001).describe('Decoupled weight decay.'),
  tune: tuneSchema
    .optional()
    .describe(
      'Tries settings for every trained arm alike, and takes for each arm at each label budget the one with the best mean validation score over the seeds. Left out: the settings above for all.',
    ),
  validationLabels: z
    .number()
    .int()
    .min(2)
    .max(100_000_000)
    .optional()
    .describe(
      'At most so many labeled validation samples, drawn by each seed in the proportions of the classes, stop training, choose weights and settings and mend probabilities, alike for every arm. Default: all.',
    ),
  augmentation: z
    .enum(['none', 'mild', 'strong'])
    .default('mild')
    .describe('Random changes to training samples, alike for every arm.'),
  patience: z
    .number()
    .min(0)
    .max(1)
    .default(0.34)
    .describe('Early stopping: share of the planned steps without a better validation score; 0 for never.'),
  classWeights: z
    .enum(['none', 'balanced'])
    .default('balanced')
    .describe('Balanced weighs rare classes up in the loss; without effect where sampling is balanced.'),
  sampling: z
    .enum(['natural', 'balanced'])
    .default('natural')
    .describe(
      'Balanced puts each class equally often into the batches, instead of class weights; probes, which have no batches, weigh the classes.',
    ),
  checkpointEverySteps: uncounted(
    z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(200)
      .describe('Steps between checkpoints within one seed.'),
  ),
  firstSeed: z
    .number()
    .int()
    .min(0)
    .max(2_000_000_000)
    .default(1)
    .describe('The first seed; the others follow it.'),
});
export type FinetuneConfig = z.infer<typeof finetuneSchema>;

export const recipeSchema = z.object({
  format: z.literal(1).default(1).describe('Version of this document.'),
  name: z.string().min(1).max(80).describe('Name of the study.'),
  description: z.string().max(2000).default('').describe('What it asks, in your words.'),
  data: z.object({
    import: z
      .record(datasetNameSchema, importSchema)
      .default({})
      .describe('Datasets to import first, unless the project has one of that name.'),
    pretrain: z
      .array(datasetNameSchema)
      .min(1)
      .describe('Datasets whose training samples and unlabeled samples the pretext task sees.'),
    finetune: datasetNameSchema
      .optional()
      .describe('The one dataset that is fine-tuned and tested on. Default: the first of pretrain.'),
    includeHeldOut: z
      .boolean()
      .default(false)
      .describe('Let pretraining see validation and test samples (transductive; every result then says so).'),
    copiesOfHeldOut: z
      .enum(['leave-out', 'keep'])
      .optional()
      .describe(
        'Samples of the other datasets of pretrain that are copies, or nearly so, of validation or test samples of the fine-tuning dataset: left out of pretraining, or kept, which every result then says. Default: left out.',
      )
      .meta({ default: 'leave-out' }),
    imageSize: z
      .number()
      .int()
      .min(8)
      .max(512)
      .optional()
      .describe('Side in pixels all datasets are brought to. Default: the fine-tuning dataset’s own.'),
    color: z
      .enum(['auto', 'grey', 'color'])
      .default('auto')
      .describe('Colour depth all datasets are brought to. Default: the fine-tuning dataset’s own.'),
  }),
  encoder: encoderSchema.prefault({}),
  pretext: pretextWishSchema.optional().describe('Stage 1. Leave out to start from an existing checkpoint.'),
  tournament: tournamentSchema
    .optional()
    .describe(
      'Compares pretext tasks first, by a probe on validation data; the winner becomes the task of stage 1.',
    ),
  fromCheckpoint: z
    .string()
    .optional()
    .describe('Id of a checkpoint of this project to transfer instead of pretraining anew.'),
  finetune: finetuneSchema.optional().describe('Stages 2 and 3. Leave out to only pretrain.'),
  device: deviceSchema.prefault({}),
});
export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeInput = z.input<typeof recipeSchema>;
