/** What a model answered on one sample, in few words. */
import type { SampleAnswer } from '../../../src/contract/results/sample-answers.ts';
import { formatLoss, formatNumber } from './format.ts';

/** "cat → dog" of classes, "3.2 → 2.9" of numbers. */
export const answerWords = ({ truth, answer, probability }: SampleAnswer): string =>
  probability === null ? `${shortNumber(truth)} → ${shortNumber(answer)}` : `${truth} → ${answer}`;

const shortNumber = (text: string) => formatNumber(Number(text));

/** "loss 1.96", "at least 1.96", "off by 0.3". */
export function lossWords({ loss, lossIsBound, probability }: SampleAnswer): string {
  if (probability === null) return `off by ${formatNumber(loss)}`;
  return `loss ${lossIsBound ? 'at least ' : ''}${formatLoss(loss)}`;
}

/** A sentence: which seeds answered so, and how sure they were. */
export function answerSentence(one: SampleAnswer, seeds: number): string {
  const { answer, probability, seeds: own, truth } = one;
  if (probability === null)
    return `Answered ${shortNumber(answer)}${seeds > 1 ? `, mean of ${own.length} seeds` : ''}; ${lossWords(one)}.`;
  const who = seeds > 1 ? ` by ${own.length} of ${seeds} seeds` : '';
  const sure = `${(probability * 100).toFixed(0)} % sure`;
  return `${truth === answer ? 'Rightly' : 'Wrongly'} taken for ${answer}${who}, ${sure}; ${lossWords(one)}.`;
}
