/** What a model answered on one sample, in few words. */
import type { SampleAnswer } from '../../../src/contract/results/sample-answers.ts';
import { formatLoss, formatNumber } from './format.ts';

/** "cat → dog" of classes, "3.2 → 2.9" of numbers, "rain, wind → rain" of several labels. */
export const answerWords = (one: SampleAnswer): string =>
  `${shown(one, one.truth)} → ${shown(one, one.answer)}`;

const isNumber = ({ probability, several }: SampleAnswer) => probability === null && several === undefined;
const shown = (one: SampleAnswer, text: string) => (isNumber(one) ? formatNumber(Number(text)) : text);

/** "loss 1.96", "at least 1.96", "off by 0.3", "off by 0.3 deviations". */
export function lossWords(one: SampleAnswer): string {
  const { loss, lossIsBound, several } = one;
  if (isNumber(one)) return `off by ${formatNumber(loss)}`;
  if (several === 'numbers') return `off by ${formatNumber(loss)} deviations`;
  return `loss ${lossIsBound ? 'at least ' : ''}${formatLoss(loss)}`;
}

/** A sentence: which seeds answered so, and how sure they were. */
export function answerSentence(one: SampleAnswer, seeds: number): string {
  const { answer, probability, seeds: own, truth } = one;
  if (probability === null)
    return `Answered ${shown(one, answer)}${seeds > 1 ? `, mean of ${own.length} seeds` : ''}; ${lossWords(one)}.`;
  const who = seeds > 1 ? ` by ${own.length} of ${seeds} seeds` : '';
  const sure = `${(probability * 100).toFixed(0)} % sure`;
  return `${truth === answer ? 'Rightly' : 'Wrongly'} taken for ${answer}${who}, ${sure}; ${lossWords(one)}.`;
}
