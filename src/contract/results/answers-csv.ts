/** Answers on test samples as CSV, alike from the window and from the command line. */
import { csvLine } from '../csv.ts';
import type { SampleAnswer } from './sample-answers.ts';

export const ANSWERS_HEAD = csvLine([
  'sample',
  'source',
  'group',
  'truth',
  'answer',
  'probability',
  'loss',
  'seeds',
  'label_now',
  'split_now',
]);

/** Probabilities were kept as float32: further digits are made up. */
const digits = (value: number) => Number(value.toPrecision(7));

export const answerLine = ({ index, truth, answer, probability, loss, seeds, sample }: SampleAnswer) =>
  csvLine([
    index,
    sample?.source,
    sample?.group,
    truth,
    answer,
    probability === null ? null : digits(probability),
    digits(loss),
    seeds.join(' '),
    sample?.label,
    sample?.split,
  ]);
