/** How a comparison was measured, fact by fact: what the window and reports say below its numbers. */
import type { Study } from '../entities.ts';
import { splitWords } from '../data/splits/split-words.ts';
import { humanize } from '../field-schema.ts';
import { settingDifferences } from '../recipe/arm-settings.ts';
import { sameBudget } from '../recipe/label-budget.ts';
import type { FinetuneConfig } from '../recipe/recipe.ts';
import { settingsWords } from '../recipe/tuning-plan.ts';
import {
  ARM_TITLES,
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
  labelsWords,
} from '../words.ts';
import { explanationOf, metricOf } from './metric.ts';
import type { StudyResult, SummaryRow } from './result.ts';
import { rowsOf } from './rows.ts';
import { scopeSentences } from './verdict.ts';

export interface MeasuredFact {
  title: string;
  text: string;
  /** What must not be overlooked. */
  warning?: string;
}

export function measuredFacts(
  study: Pick<Study, 'recipe'>,
  result: StudyResult,
  row: SummaryRow,
): MeasuredFact[] {
  const { finetune } = study.recipe;
  const { title } = metricOf(row.metric);
  return [
    { title: 'Metric', text: `${title}: ${explanationOf(row.metric, row.several)}` },
    ...weightFacts(result),
    {
      title: 'Split',
      text: `${splitWords(result.split)}, all of ${row.dataset}. No sample and no group stands in two splits; this was checked.`,
    },
    {
      title: 'Labels',
      text: `${labelsWords(row)}, ${isOfGroups(row) ? 'about ' : ''}${formatCount(row.labels)} in all, drawn from the training split by each seed and alike for every arm.`,
    },
    { title: 'Seeds', text: seedWords(result, row) },
    pretrainingFact(study, result),
    ...(study.recipe.data.scale === 'recording' ? [RECORDING_SCALE] : []),
    ...(finetune ? [{ title: 'Training', text: trainingWords(finetune, result, row) }] : []),
    {
      title: 'Test samples',
      text: 'Used once, at the end of each run. Stopping and the choice of weights use validation samples.',
    },
    {
      title: 'Time',
      text: `${formatDuration(result.seconds)} of training in ${formatCounted(result.runs.length, 'run')}`,
    },
  ];
}

function weightFacts({ weightedBy }: StudyResult): MeasuredFact[] {
  if (weightedBy === undefined) return [];
  const text = `Each sample counts as much as “${weightedBy}” says: in the losses of all arms, in what probes and references are fitted to, in every score and its interval. Counts of samples, the budget and calibration take all alike.`;
  return [{ title: 'Weights', text }];
}

const RECORDING_SCALE: MeasuredFact = {
  title: 'Scale',
  text: 'Every recording by itself: each channel at mean 0 and deviation 1 over the whole recording, whatever split it stands in. No label is used for it, and none of another recording.',
};

/** Whole groups come to other counts with each seed. */
const isOfGroups = ({ budget }: SummaryRow): boolean =>
  typeof budget === 'object' && 'groups' in budget && budget.perClass === undefined;

function seedWords(result: StudyResult, row: SummaryRow): string {
  const seeds = [...new Set(rowsOf(result, row).map((one) => one.seed))].sort((a, b) => a - b);
  const scope = row.difference ? ` ${scopeSentences(row.difference).join(' ')}` : '';
  return `${formatCounted(seeds.length, 'seed')} (${seeds.join(', ')}). The difference is paired by seed.${scope}`;
}

function pretrainingFact({ recipe }: Pick<Study, 'recipe'>, result: StudyResult): MeasuredFact {
  const seen = result.transductive
    ? 'with the validation and test samples, but no label of theirs'
    : 'training and unlabeled samples only';
  const leftOut = (result.leftOutOfPretraining ?? []).map(
    ({ dataset, samples, heldOut, of }) =>
      ` ${formatCounted(samples, 'sample')} of ${dataset} ${samples === 1 ? 'was' : 'were'} left out: copies of ${formatCounted(heldOut, 'held-out sample')}${of === undefined ? '' : ` of ${of}`}.`,
  );
  return {
    title: 'Pretraining data',
    text: `${recipe.data.pretrain.join(' + ')}, ${seen}.${leftOut.join('')}`,
    ...(result.transductive && { warning: 'Transductive: the encoder has seen the test samples.' }),
  };
}

function trainingWords(finetune: FinetuneConfig, result: StudyResult, row: SummaryRow): string {
  const differences = settingDifferences(['pretrained', 'baseline'], finetune).map(({ setting, values }) => ({
    setting: humanize(setting).toLowerCase(),
    values,
  }));
  if (result.tuning) {
    const { candidates, choices, triesPerArm } = result.tuning;
    const chosen = choices.flatMap(({ arm, budget, chosen: place }) =>
      place !== null && sameBudget(budget, row.budget)
        ? [`${ARM_TITLES[arm].toLowerCase()} ${settingsWords(candidates[place]!, candidates)}`]
        : [],
    );
    const but = differences.map(({ setting, values }) => `${setting} (${values[0]} against ${values[1]})`);
    return `Tuned alike: each trained arm was tried with the same ${formatCounted(triesPerArm, 'setting')} and goes on with its best on validation data${chosen.length > 0 ? `: ${chosen.join('; ')}` : ''}. Everything else is the same for the pretrained arm and the baseline${but.length > 0 ? `, but for ${but.join(' and ')}` : ''}.`;
  }
  if (differences.length > 0)
    return `The pretrained arm and the baseline share every setting but ${differences
      .map(({ setting, values }) => `${setting} (${values[0]} against ${values[1]} for the baseline)`)
      .join(' and ')}, as the recipe asks.`;
  const balance =
    finetune.sampling === 'balanced'
      ? ', classes balanced in the batches'
      : finetune.classWeights === 'balanced'
        ? ', balanced class weights'
        : '';
  return `Every setting is the same for the pretrained arm and the baseline: ${formatCounted(finetune.epochs, 'epoch')} at most, batches of ${formatCount(finetune.batchSize)}, highest learning rate ${formatNumber(finetune.learningRate)}, ${finetune.augmentation} augmentation${balance}. Only the first weights differ.`;
}
