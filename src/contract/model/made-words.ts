/** What a model that was made at a person's word says of itself wherever its scores are looked for. */
import { formatCounted, formatNumber, formatScore } from '../words.ts';
import { answersNames } from '../data/target.ts';
import { metricOf } from '../results/metric.ts';
import type { Model } from './model.ts';

type Told = Pick<Model, 'made' | 'scores' | 'trainedOn' | 'members' | 'temperature' | 'head'>;

/** "validation and test", "training". */
const SPLIT_WORDS = { train: 'training', validation: 'validation', test: 'test' } as const;

const joined = (words: readonly string[]) =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** "training, validation and test". */
export const splitWords = ({ trainedOn }: Pick<Model, 'trainedOn'>): string =>
  joined(trainedOn.splits.map((split) => SPLIT_WORDS[split]));

/** The score that stands where a test score is looked for: its own, or those of the runs that it follows, so named. */
export function testWords({ scores: { metric, test }, made }: Pick<Model, 'scores' | 'made'>): string {
  if (test) return formatScore(metric, test.score);
  return made ? `none (followed: ${formatScore(metric, made.followed.test.score)})` : 'none of its own';
}

/** Whole sentences; none for a model that a run kept by itself. */
export function madeSentences(model: Told): string[] {
  const { made, members, trainedOn, temperature, head } = model;
  if (!made) return [];
  const { followed, epochs, kind } = made;
  const { metric, runs, seeds } = followed;
  const score = (split: 'validation' | 'test') => formatScore(metric, followed[split].score);
  const theirs = `${runs.join(', ')} (${formatCounted(seeds, 'seed')}, ${formatCounted(followed.labels, 'label')})`;
  if (kind === 'ensemble')
    return [
      `An ensemble: the mean of the answers of ${members.length} models, the seeds of ${runs.join(', ')}, which alone scored ${score('test')} (${metricOf(metric).word}, mean on test samples).`,
    ];
  return [
    `A final model: trained once more on all ${formatCounted(trainedOn.labels, `${splitWords(model)} label`)}, for ${formatEpochs(epochs)}, by the settings of ${theirs}.`,
    `It has no test score of its own. The runs that it follows scored ${score('test')} on ${formatCounted(followed.test.samples, 'test sample')} and ${score('validation')} on validation samples (${metricOf(metric).word}, means over seeds).`,
    ...(answersNames(head.kind)
      ? [
          temperature === null
            ? 'Its probabilities are not calibrated: the runs that it follows fitted no temperature.'
            : `Its probabilities are calibrated by the temperature of those runs, ${temperature.toFixed(2)}.`,
        ]
      : []),
  ];
}

function formatEpochs(epochs: number | null): string {
  if (epochs === null) return 'an unknown time';
  return `${formatNumber(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`;
}
