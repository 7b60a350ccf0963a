/** The arms of a comparison, and what they start from. */
import { z } from 'zod';

export const armSchema = z.enum([
  'pretrained',
  'baseline',
  'frozen',
  'linear-probe',
  'knn-probe',
  'reference-linear',
  'reference-trees',
  'pretrained-own',
  'pretrained-others',
]);
export type Arm = z.infer<typeof armSchema>;

/** Of which of several datasets an arm's pretraining is: of all that are put together, its own alone, or all others. */
export type PretrainingOf = 'all' | 'own' | 'others';
export const pretrainingOfArm = (arm: Arm): PretrainingOf =>
  arm === 'pretrained-own' ? 'own' : arm === 'pretrained-others' ? 'others' : 'all';

/** Arms that are fine-tuned as the pretrained one is. */
export const PRETRAINED_ARMS: readonly Arm[] = ['pretrained', 'pretrained-own', 'pretrained-others'];

/** Arms that are no network of the study: what else a person would fit to the same labels. */
export const isReference = (arm: Arm): boolean => arm.startsWith('reference-');

const REFERENCES = armSchema.options.filter(isReference);

/** What is compared unless somebody says otherwise: where references can be fitted, those that will be asked for first. */
export const proposedArms = (references: boolean): Arm[] => [
  'pretrained',
  'baseline',
  'frozen',
  'linear-probe',
  'knn-probe',
  ...(references ? REFERENCES : []),
];

/** Arms that start from the weights of a pretext run's checkpoint. */
export const needsCheckpoint = (arm: Arm): boolean => arm !== 'baseline' && !isReference(arm);

/** Arms whose encoder can learn from the labels of several datasets at once. */
export const SHARING_ARMS: readonly Arm[] = [...PRETRAINED_ARMS, 'baseline'];
export const NOT_SHARING: readonly Arm[] = armSchema.options.filter((arm) => !SHARING_ARMS.includes(arm));

/** Arms that never look at what is said of pretrained models (the encoder of a frozen one never moves), or of the baseline. */
export const OF_PRETRAINED: readonly Arm[] = ['baseline', 'frozen', ...REFERENCES];
export const OF_BASELINE: readonly Arm[] = [
  ...PRETRAINED_ARMS,
  'frozen',
  'linear-probe',
  'knn-probe',
  ...REFERENCES,
];
