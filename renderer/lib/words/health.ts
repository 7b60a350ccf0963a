/** Curves and findings of a pretext run in words. */
import type { Run } from '../../../src/contract/entities.ts';
import type { Finding } from '../../../src/contract/data/finding.ts';
import type { BestBy } from '../../../src/contract/recipe/recipe.ts';
import { formatCounted, formatNumber } from './format.ts';

const FINDING_TITLES: Record<Finding['kind'], string> = {
  'complete-collapse': 'Complete collapse',
  'dimensional-collapse': 'Dimensional collapse',
  divergence: 'Divergence',
};

/** "Complete collapse since epoch 3", "Divergence in epoch 2, over since step 240". */
export function findingTitle({ kind, epoch, overAtStep }: Finding): string {
  const when = `epoch ${Number(epoch.toFixed(1))}`;
  return overAtStep === null
    ? `${FINDING_TITLES[kind]} since ${when}`
    : `${FINDING_TITLES[kind]} in ${when}, over since step ${overAtStep}`;
}

export interface HealthCurve {
  name: string;
  title: string;
  /** What it means and which way is good. */
  help: string;
  percent?: boolean;
  /** Nearness to 0 is a warning. */
  fromZero?: boolean;
}

/** Looks at held-out samples, the most telling first. */
export const HEALTH_CURVES: readonly HealthCurve[] = [
  {
    name: 'knnAccuracy',
    title: 'kNN probe',
    help: 'Nearest labeled training samples answer for labeled validation samples. Higher is better.',
    percent: true,
  },
  {
    name: 'embeddingDeviation',
    title: 'Embedding deviation',
    help: 'Dashed: 1/√d, all directions used alike. A healthy curve may stay well below it; one near 0 is a collapse.',
    fromZero: true,
  },
  {
    name: 'effectiveRank',
    title: 'Effective rank (RankMe)',
    help: 'How many directions the features use. A fall to a few is a dimensional collapse.',
    fromZero: true,
  },
  {
    name: 'alignment',
    title: 'Alignment',
    help: 'Distance of two views of one sample, 0 to 4. Lower is better, as long as uniformity is low too.',
  },
  {
    name: 'uniformity',
    title: 'Uniformity',
    help: 'How evenly samples spread: 0 all alike, about −4 even. Lower is better.',
  },
];

/** Curves that say nothing of a task: shown last, or drawn with the loss. */
export const OTHER_TITLES: Record<string, string> = {
  outputDeviation: 'Deviation of what the task compares',
  outputRank: 'Directions of what the task compares',
  outputClasses: 'Classes that answers tell samples apart by',
  learningRate: 'Learning rate',
};

/** 1/√d, where the run has told how many features its encoder has. */
export function idealDeviation(environment: Run['environment']): number | null {
  const features = environment?.encoderFeatures;
  return features === undefined ? null : 1 / Math.sqrt(features);
}

/** On what health was looked at. */
export function healthSamplesWords(environment: Run['environment']): string {
  const count = environment?.healthSamples;
  if (count === undefined) return '';
  const whose =
    environment?.healthSamplesUnseen === false
      ? 'that pretraining sees as well'
      : 'that pretraining never sees';
  return `Looked at on ${formatCounted(count, 'sample')} ${whose}, at the end of every epoch; views and held-out loss less often where epochs are short.`;
}

const SCORE_TITLES: Record<BestBy, string> = {
  knn: 'kNN probe',
  rank: 'Effective rank',
  'validation-loss': 'Held-out loss',
};

/** "kNN probe 83.1 %"; nothing of fine-tuning, whose heads together are judged by a number that is no score of theirs. */
export function scoreWords(score: number | null, scoreOf: BestBy | null): string {
  if (score === null || scoreOf === null) return '–';
  return `${SCORE_TITLES[scoreOf]} ${scoreOf === 'knn' ? `${(score * 100).toFixed(1)} %` : formatNumber(score)}`;
}
