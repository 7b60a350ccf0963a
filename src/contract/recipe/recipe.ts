/**
 * The recipe: one declarative document for a whole study.
 *
 * Every field has a default, a range and a sentence of help (`.describe`), from which the window's forms, the
 * command line's help and the error messages come. Options of encoders and pretext tasks are open objects
 * here: they are checked against the schema that the encoder or task itself declares.
 */
import { z } from 'zod';
import {
  asField,
  choiceField,
  integerField,
  leftOut,
  listField,
  numberField,
  recordField,
  switchField,
  textField,
  unionField,
} from '../fields.ts';
import { deviceSchema } from './device.ts';
import { metricNameSchema } from '../results/metric.ts';
import { armSchema, NOT_SHARING, OF_BASELINE, OF_PRETRAINED, proposedArms } from './arms.ts';
import { uncounted, unreadBy } from './identity.ts';
import { recipeDataSchema } from './recipe-data.ts';
import { tournamentSchema } from './tournament.ts';
import { tuneSchema } from './tuning.ts';

export { armSchema, type Arm } from './arms.ts';
export { datasetNameSchema, downstreamOf, finetuneDatasetOf } from './recipe-data.ts';
export { modalitySchema, type Modality } from '../data/modality.ts';
export { splitSchema, type SplitRule } from '../data/splits/split.ts';
export {
  columnRoleSchema,
  heeds,
  importSchema,
  type ColumnRole,
  type ImportOptions,
  type SharedOption,
} from '../data/import.ts';

const optionsOf = (what: string) =>
  recordField({ help: `Options of ${what}; each says what they are.`, of: z.unknown(), default: {} });

export const labelBudgetSchema = unionField({
  help: 'How many training labels fine-tuning may use: per class, in all, a share of them (0.1 is a tenth), those of so many whole groups (subjects, patients, sites), so many of each class from so many groups, or all there are.',
  allowed:
    '{ perClass: 10 }, { total: 100 }, { share: 0.1 }, { groups: 3 }, { groups: 3, perClass: 10 } or all',
  forms: [
    z.strictObject({
      perClass: integerField({ help: 'Labels of each class.', minimum: 1, maximum: 1_000_000 }),
    }),
    z.strictObject({ total: integerField({ help: 'Labels in all.', minimum: 1, maximum: 100_000_000 }) }),
    z.strictObject({
      share: numberField({ help: 'Share of the labels.', minimum: 0, open: true, maximum: 1 }),
    }),
    z.strictObject({
      groups: integerField({
        help: 'Groups whose labels are used, all of each.',
        minimum: 1,
        maximum: 1_000_000,
      }),
      perClass: integerField({
        help: 'Labels of each class, of these groups together. Default: all that they have.',
        minimum: 1,
        maximum: 1_000_000,
        optional: true,
      }),
    }),
    z.literal('all'),
  ],
});
export type LabelBudget = z.infer<typeof labelBudgetSchema>;

export const bestBySchema = z.enum(['knn', 'rank', 'validation-loss']);
export type BestBy = z.infer<typeof bestBySchema>;

/** As it stands in checkpoints and kept models too, in which another version may say more. */
export const encoderSchema = z.object({
  family: textField({ help: 'Which encoder family.', default: 'residual' }),
  options: optionsOf('the encoder'),
});

export const pretextSchema = z.strictObject({
  task: textField({ help: 'Which pretext task.', default: 'simclr' }),
  options: optionsOf('the pretext task'),
  startFrom: textField({
    help: 'Id of a checkpoint of this project: pretraining goes on from its encoder instead of random weights. The heads are new.',
    optional: true,
  }),
  epochs: integerField({
    help: 'Passes over the unlabeled samples.',
    minimum: 1,
    maximum: 10_000,
    default: 20,
  }),
  batchSize: integerField({ help: 'Samples in one step.', minimum: 8, maximum: 4096, default: 128 }),
  accumulation: integerField({
    help: 'Parts in which a step is computed one after the other, to need less memory; 1: the whole batch at once.',
    minimum: 1,
    maximum: 64,
    default: 1,
  }),
  learningRate: numberField({
    help: 'Highest learning rate; a cosine lowers it to zero.',
    minimum: 0,
    open: true,
    maximum: 10,
    default: 0.002,
  }),
  warmupEpochs: numberField({
    help: 'Epochs over which the learning rate rises from zero.',
    minimum: 0,
    maximum: 1000,
    default: 1,
  }),
  optimizer: choiceField({
    help: 'AdamW, SGD with momentum 0.9, or LARS for very large batches (learning rates near 0.3 × batch size / 256).',
    choices: ['adamw', 'momentum', 'lars'],
    default: 'adamw',
  }),
  weightDecay: numberField({
    help: 'Decoupled weight decay; never on biases and batch norm.',
    minimum: 0,
    maximum: 1,
    default: 0.0001,
  }),
  checkpointEverySteps: uncounted(
    integerField({
      help: 'Steps between checkpoints.',
      minimum: 1,
      maximum: 1_000_000,
      default: 100,
    }),
  ),
  probeEveryEpochs: integerField({
    help: 'Epochs between kNN probes on validation data; 0 for none.',
    minimum: 0,
    maximum: 1000,
    default: 5,
  }),
  linearProbe: switchField({
    help: 'Let each probe also train a linear model on the frozen features: surer than kNN, and slower.',
    default: false,
  }),
  checkpoint: choiceField({
    help: 'Which checkpoint the transfer takes: that of the last step, or the best one.',
    choices: ['last', 'best'],
    default: 'last',
  }),
  bestBy: asField(bestBySchema, {
    help: 'What the best checkpoint is best by, on samples that are not trained on: the kNN probe, the effective rank of the features, or the pretext loss. Default: the probe where there are labels, else the rank.',
    optional: true,
  }),
  onCollapse: choiceField({
    help: 'When the features collapse or the loss diverges and stays so: say it and go on, or stop the run.',
    choices: ['report', 'stop'],
    default: 'report',
  }),
  seed: integerField({
    help: 'Seed of everything random in pretraining.',
    minimum: 0,
    maximum: 2_147_483_647,
    default: 1,
  }),
  seeds: uncounted(
    integerField({
      help: 'How often pretraining is done, each time with another seed; the seeds of fine-tuning are spread over them. With one, results hold for that one; with three or more, the interval says what to expect of another. Default: once.',
      minimum: 1,
      maximum: 50,
      optional: true,
      assumed: 1,
    }),
  ),
});
export type PretextConfig = z.infer<typeof pretextSchema>;

/** Settings that suit one task and one dataset and not another: left out, they are proposed and written down. */
export const PROPOSED = ['epochs', 'batchSize', 'learningRate', 'warmupEpochs', 'weightDecay'] as const;

const SUITS = 'Default: what suits the task, the encoder and the data.';
const { epochs, batchSize, learningRate, warmupEpochs, weightDecay } = pretextSchema.shape;

/** Stage 1 as a recipe asks for it: what it leaves out is not known before the data are. */
export const pretextWishSchema = pretextSchema.extend({
  epochs: leftOut(epochs, SUITS),
  batchSize: leftOut(batchSize, SUITS),
  learningRate: leftOut(learningRate, SUITS),
  warmupEpochs: leftOut(warmupEpochs, SUITS),
  weightDecay: leftOut(weightDecay, SUITS),
});
export type PretextWish = z.infer<typeof pretextWishSchema>;

export const finetuneSchema = z.strictObject({
  budgets: uncounted(
    listField({
      help: 'Label budgets to compare at.',
      of: labelBudgetSchema,
      minimum: 1,
      default: [{ perClass: 10 }],
    }),
  ),
  arms: uncounted(
    listField({
      help: 'What is compared: the same model pretrained and from random weights, the encoder frozen, probes; for tables also a linear model (reference-linear) and boosted trees (reference-trees).',
      of: armSchema,
      minimum: 1,
      default: proposedArms(false),
    }),
  ),
  seeds: uncounted(
    integerField({
      help: 'How many seeds: each draws its own labels and initial weights, alike for every arm.',
      minimum: 1,
      maximum: 100,
      default: 5,
    }),
  ),
  heads: unreadBy(
    NOT_SHARING,
    choiceField({
      title: 'Heads of several datasets',
      help: 'With `data.alsoFinetune`: `each` dataset has a model of its own; or `together`, one encoder learns from the labels of all of them at once, each by its own head, and one model is kept with all of them, at the moment when the mean of their validation scores was best. Alike for the pretrained arms and the baseline. Default: each.',
      choices: ['each', 'together'],
      optional: true,
      assumed: 'each',
    }),
  ),
  metric: asField(metricNameSchema, {
    help: 'What test scores mean. Default: balanced accuracy for classes, R² for numbers.',
    optional: true,
  }),
  epochs: integerField({
    help: 'Most passes over the labeled samples.',
    minimum: 1,
    maximum: 10_000,
    default: 60,
  }),
  minimumSteps: integerField({
    help: 'Few labels make short epochs: at least so many steps are planned.',
    minimum: 0,
    maximum: 1_000_000,
    default: 200,
  }),
  batchSize: integerField({ help: 'Samples in one step.', minimum: 2, maximum: 4096, default: 64 }),
  learningRate: numberField({
    help: 'Highest learning rate of the head and the last layer.',
    minimum: 0,
    open: true,
    maximum: 10,
    default: 0.001,
  }),
  layerDecay: unreadBy(
    OF_PRETRAINED,
    numberField({
      help: 'Each earlier layer of a pretrained model learns this much more slowly; 1: all alike, as in the baseline.',
      minimum: 0.1,
      maximum: 1,
      default: 1,
    }),
  ),
  baselineLayerDecay: unreadBy(
    OF_BASELINE,
    numberField({
      help: 'The same for the baseline: random weights near the input need to learn at full speed.',
      minimum: 0.1,
      maximum: 1,
      default: 1,
    }),
  ),
  frozenEpochs: unreadBy(
    OF_PRETRAINED,
    numberField({
      help: 'Share of the steps at the start in which only the head of a pretrained model learns.',
      minimum: 0,
      maximum: 1,
      default: 0,
    }),
  ),
  baselineFrozenEpochs: unreadBy(
    OF_BASELINE,
    numberField({
      help: 'The same for the baseline. Left out: none, all of it learns from the start.',
      minimum: 0,
      maximum: 1,
      optional: true,
    }),
  ),
  weightDecay: numberField({ help: 'Decoupled weight decay.', minimum: 0, maximum: 1, default: 0.0001 }),
  tune: asField(tuneSchema, {
    help: 'Tries settings for every trained arm alike, and takes for each arm at each label budget the one with the best mean validation score over the seeds. Left out: the settings above for all.',
    optional: true,
  }),
  validationLabels: integerField({
    help: 'At most so many labeled validation samples, drawn by each seed in the proportions of the classes, stop training, choose weights and settings and mend probabilities, alike for every arm. Default: all.',
    minimum: 2,
    maximum: 100_000_000,
    optional: true,
  }),
  augmentation: choiceField({
    help: 'Random changes to training samples, alike for every arm.',
    choices: ['none', 'mild', 'strong'],
    default: 'mild',
  }),
  patience: numberField({
    help: 'Early stopping: share of the planned steps without a better validation score; 0 for never.',
    minimum: 0,
    maximum: 1,
    default: 0.34,
  }),
  classWeights: choiceField({
    help: 'Balanced weighs rare classes up in the loss; without effect where sampling is balanced.',
    choices: ['none', 'balanced'],
    default: 'balanced',
  }),
  sampling: choiceField({
    help: 'Balanced puts each class equally often into the batches, instead of class weights; probes, which have no batches, weigh the classes.',
    choices: ['natural', 'balanced'],
    default: 'natural',
  }),
  checkpointEverySteps: uncounted(
    integerField({
      help: 'Steps between checkpoints within one seed.',
      minimum: 1,
      maximum: 1_000_000,
      default: 200,
    }),
  ),
  firstSeed: integerField({
    help: 'The first seed; the others follow it.',
    minimum: 0,
    maximum: 2_000_000_000,
    default: 1,
  }),
});
export type FinetuneConfig = z.infer<typeof finetuneSchema>;

export const recipeSchema = z.strictObject({
  format: asField(z.literal(1), { help: 'Version of this document.', default: 1 }),
  name: textField({ help: 'Name of the study.', minimum: 1, maximum: 80 }),
  description: textField({ help: 'What it asks, in your words.', maximum: 2000, default: '' }),
  data: recipeDataSchema,
  encoder: encoderSchema.strict().prefault({}),
  pretext: asField(pretextWishSchema, {
    help: 'Stage 1. Leave out to start from an existing checkpoint.',
    optional: true,
  }),
  tournament: asField(tournamentSchema, {
    help: 'Compares pretext tasks first, by a probe on validation data; the winner becomes the task of stage 1.',
    optional: true,
  }),
  fromCheckpoint: textField({
    help: 'Id of a checkpoint of this project to transfer instead of pretraining anew.',
    optional: true,
  }),
  finetune: asField(finetuneSchema, { help: 'Stages 2 and 3. Leave out to only pretrain.', optional: true }),
  device: deviceSchema.prefault({}),
});
export type Recipe = z.infer<typeof recipeSchema>;

export type RecipeInput = z.input<typeof recipeSchema>;
