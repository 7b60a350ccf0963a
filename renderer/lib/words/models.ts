/** Kept models and their answers in words. */
import { splitWords } from '../../../src/contract/model/made-words.ts';
import { answersNames } from '../../../src/contract/data/target.ts';
import { headsOf } from '../../../src/contract/model/heads.ts';
import type { Model } from '../../../src/contract/model/model.ts';
import {
  headNames,
  readAnswer,
  type Prediction,
  type ReadNumber,
} from '../../../src/contract/model/prediction.ts';
import { formatNumber } from './format.ts';

/** "2 classes: left, right", "a number". */
export function answersWords({ head }: Pick<Model, 'head'>): string {
  if (head.kind === 'number') return 'A number';
  const names = headNames(head);
  const shown = names.slice(0, 6).join(', ');
  const what = head.kind === 'labels' ? 'labels at once' : head.kind === 'numbers' ? 'numbers' : 'classes';
  return `${names.length} ${what}: ${shown}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
}

/** "32 labels of xrays, from pretraining by simclr". */
export function trainedOnWords({ trainedOn }: Pick<Model, 'trainedOn'>): string {
  const { labels, dataset, pretraining } = trainedOn;
  const from = pretraining
    ? `, from ${pretraining.task ?? 'pretraining'} (${pretraining.run})`
    : ', from random weights';
  const splits = trainedOn.splits.length > 1 ? `${splitWords({ trainedOn })} ` : '';
  return `${labels.toLocaleString('en')} ${splits}labels of ${dataset}${from}`;
}

/**
 * What files are called that one head of a model writes: those of another never get the same name.
 *
 * @param head the model by the head that is meant
 */
export const nameByHead = (kept: Pick<Model, 'name' | 'trainedOn' | 'others'>, head: Model): string =>
  headsOf(kept).length > 1 ? `${head.name}-${head.trainedOn.dataset}` : head.name;

/** The answer itself: a class name, a number with its interval, the labels that are there, or several numbers. */
export function answerWords(model: Model, { values }: Pick<Prediction, 'values'>): string {
  const answer = readAnswer(model, values);
  switch (answer.kind) {
    case 'classes':
      return answer.label;
    case 'number':
      return numberWords(answer);
    case 'labels': {
      const there = answer.labels.filter(({ isThere }) => isThere).map(({ name }) => name);
      return there.length > 0 ? there.join(', ') : 'none of the labels';
    }
    case 'numbers':
      return answer.numbers.map(({ name, number }) => `${name} ${formatNumber(number)}`).join(', ');
  }
}

/** With the interval around it, where one is known. */
export const numberWords = ({ number, low, high }: Omit<ReadNumber, 'level'>): string =>
  low === null || high === null
    ? formatNumber(number)
    : `${formatNumber(number)} (${formatNumber(low)} to ${formatNumber(high)})`;

/** So far from the training data that its answer should not be believed. */
export const UNLIKE_PERCENTILE = 99;
export const isUnlike = ({ percentile }: Pick<Prediction, 'percentile'>): boolean =>
  percentile !== null && percentile > UNLIKE_PERCENTILE;

export function likenessWords({ percentile }: Pick<Prediction, 'percentile'>): string {
  if (percentile === null) return '–';
  if (percentile >= 100) return 'farther than all training samples';
  return percentile > UNLIKE_PERCENTILE
    ? `farther than ${percentile.toFixed(1)} % of them`
    : `within (${Math.round(percentile)} %)`;
}

export type Order = 'doubtful' | 'unlike' | 'given';

/** Whether what it answers are probabilities, by which answers can be doubtful. */
export const isProbable = ({ head }: Pick<Model, 'head'>): boolean => answersNames(head.kind);

/** Which to look at first; of numbers nothing is known to be doubtful. */
export function inOrder(model: Model, rows: readonly Prediction[], order: Order): Prediction[] {
  // Of labels the one that is least sure, there or not.
  const sure = ({ values }: Prediction) =>
    model.head.kind === 'labels'
      ? Math.min(...values.map((value) => Math.max(value, 1 - value)))
      : Math.max(...values);
  if (order === 'doubtful' && isProbable(model)) return [...rows].sort((a, b) => sure(a) - sure(b));
  if (order === 'unlike') return [...rows].sort((a, b) => (b.percentile ?? -1) - (a.percentile ?? -1));
  return [...rows];
}

/** The last part of a path, with what stands behind it: "7.csv rows 1–128". */
export const shortSource = (source: string): string => source.split(/[\\/]/).pop() ?? source;

/** A name as folders may have it: "3.csv-rows-1-128". */
export const plainName = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|-+$/g, '');
