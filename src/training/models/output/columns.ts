/** The columns of a table of predictions, and a row's values in them. */
import { describeModality, type Modality } from '../../../contract/data/modality.ts';
import type { Model } from '../../../contract/model/model.ts';
import { readAnswer, type Prediction } from '../../../contract/model/prediction.ts';

export interface Column {
  name: string;
  type: 'STRING' | 'DOUBLE' | 'FLOAT';
}
export type Cell = string | number | null;

/** @param features how many features stand at the end; 0 for none */
export function columnsFor(
  { head, modality, intervals, reference, preparation }: Model,
  features: number,
): Column[] {
  const number = (name: string): Column => ({ name, type: 'DOUBLE' });
  const text = (name: string): Column => ({ name, type: 'STRING' });
  const percent = intervals[0] ? Math.round(intervals[0].level * 100) : null;
  return [
    text('source'),
    ...(tellsTime(modality, preparation) ? [number('start_seconds')] : []),
    ...(head.kind === 'classes'
      ? [text('label'), number('probability')]
      : [
          number('number'),
          ...(percent === null ? [] : [number(`low_${percent}`), number(`high_${percent}`)]),
        ]),
    ...(head.kind === 'classes' && head.classNames.length > 1
      ? [text('second_label'), number('second_probability')]
      : []),
    ...(reference ? [number('unlike_training_percentile')] : []),
    ...(head.kind === 'classes' ? head.classNames.map((name) => number(`probability: ${name}`)) : []),
    ...Array.from({ length: features }, (_, i): Column => ({ name: `feature_${i + 1}`, type: 'FLOAT' })),
  ];
}

/** Where samples last for a time of a known rate, each has a beginning. */
const tellsTime = (modality: Modality, { samplingRate }: Model['preparation']): boolean =>
  describeModality(modality).lasts && samplingRate !== null;

/** In the order of the columns. */
export function cellsOf(model: Model, row: Prediction, features: ArrayLike<number>): Cell[] {
  const { head, modality, preparation, reference } = model;
  const answer = readAnswer(model, row.values);
  const own =
    answer.kind === 'classes'
      ? [
          answer.label,
          answer.probability,
          ...(row.values.length > 1 ? [answer.second, answer.secondProbability] : []),
        ]
      : [answer.number, ...(answer.level === null ? [] : [answer.low, answer.high])];
  return [
    row.source,
    ...(tellsTime(modality, preparation) ? [row.startSeconds] : []),
    ...own,
    ...(reference ? [row.percentile] : []),
    ...(head.kind === 'classes' ? row.values : []),
    ...Array.from(features),
  ];
}
