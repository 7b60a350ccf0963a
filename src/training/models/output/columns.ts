/** The columns of a table of predictions, and a row's values in them. */
import { describeModality, type Modality } from '../../../contract/data/modality.ts';
import { answersNames } from '../../../contract/data/target.ts';
import type { Model } from '../../../contract/model/model.ts';
import {
  headNames,
  readAnswer,
  type Prediction,
  type ReadAnswer,
  type ReadNumber,
} from '../../../contract/model/prediction.ts';

export interface Column {
  name: string;
  type: 'STRING' | 'DOUBLE' | 'FLOAT';
}
export type Cell = string | number | null;

/** @param features how many features stand at the end; 0 for none */
export function columnsFor(model: Model, features: number): Column[] {
  const { head, modality, reference, preparation } = model;
  return [
    text('source'),
    ...(tellsTime(modality, preparation) ? [number('start_seconds')] : []),
    ...answerColumns(model),
    ...(reference ? [number('unlike_training_percentile')] : []),
    ...probableNames(head).map((name) => number(`probability: ${name}`)),
    ...Array.from({ length: features }, (_, i): Column => ({ name: `feature_${i + 1}`, type: 'FLOAT' })),
  ];
}

const number = (name: string): Column => ({ name, type: 'DOUBLE' });
const text = (name: string): Column => ({ name, type: 'STRING' });

function answerColumns({ head, intervals }: Model): Column[] {
  const ends = (target: number | undefined, suffix: string): Column[] => {
    const interval = intervals.find((one) => one.target === target);
    if (!interval) return [];
    const percent = Math.round(interval.level * 100);
    return [number(`low_${percent}${suffix}`), number(`high_${percent}${suffix}`)];
  };
  switch (head.kind) {
    case 'classes':
      return [
        text('label'),
        number('probability'),
        ...(head.classNames.length > 1 ? [text('second_label'), number('second_probability')] : []),
      ];
    case 'labels':
      return [text('labels')];
    case 'number':
      return [number('number'), ...ends(undefined, '')];
    case 'numbers':
      return head.names.flatMap((name, at) => [number(`number: ${name}`), ...ends(at, `: ${name}`)]);
  }
}

/** Of which names a probability each is told. */
const probableNames = (head: Model['head']): readonly string[] =>
  answersNames(head.kind) ? headNames(head) : [];

/** Where samples last for a time of a known rate, each has a beginning. */
const tellsTime = (modality: Modality, { samplingRate }: Model['preparation']): boolean =>
  describeModality(modality).lasts && samplingRate !== null;

/** In the order of the columns. */
export function cellsOf(model: Model, row: Prediction, features: ArrayLike<number>): Cell[] {
  const { head, modality, preparation, reference } = model;
  return [
    row.source,
    ...(tellsTime(modality, preparation) ? [row.startSeconds] : []),
    ...answerCells(readAnswer(model, row.values)),
    ...(reference ? [row.percentile] : []),
    ...(answersNames(head.kind) ? row.values : []),
    ...Array.from(features),
  ];
}

function answerCells(answer: ReadAnswer): Cell[] {
  const numbers = ({ number: value, low, high, level }: ReadNumber): Cell[] => [
    value,
    ...(level === null ? [] : [low, high]),
  ];
  switch (answer.kind) {
    case 'classes': {
      const { label, probability, second, secondProbability } = answer;
      return [label, probability, ...(second === null ? [] : [second, secondProbability])];
    }
    case 'labels':
      return [
        answer.labels
          .filter(({ isThere }) => isThere)
          .map(({ name }) => name)
          .join('; '),
      ];
    case 'number':
      return numbers(answer);
    case 'numbers':
      return answer.numbers.flatMap(numbers);
  }
}
