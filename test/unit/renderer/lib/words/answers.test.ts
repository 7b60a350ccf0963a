import { describe, expect, it } from 'vitest';
import type { SampleAnswer } from '../../../../../src/contract/results/sample-answers.ts';
import { answerSentence, answerWords, lossWords } from '../../../../../renderer/lib/words/answers.ts';

const one: SampleAnswer = {
  index: 3,
  truth: 'cat',
  answer: 'dog',
  seeds: [1, 2],
  probability: 0.85,
  loss: 1.956,
  sample: null,
};

describe('what was answered, in words', () => {
  it('says of classes what was taken for what, by how many seeds and how surely', () => {
    expect(answerWords(one)).toBe('cat → dog');
    expect(answerSentence(one, 3)).toBe('Wrongly taken for dog by 2 of 3 seeds, 85 % sure; loss 1.96.');
    expect(answerSentence({ ...one, answer: 'cat' }, 1)).toBe('Rightly taken for cat, 85 % sure; loss 1.96.');
    expect(lossWords({ ...one, lossIsBound: true })).toBe('loss at least 1.96');
  });

  it('says of numbers how far off they are', () => {
    const number = { ...one, truth: '37', answer: '39.25461', probability: null, loss: 2.25461 };
    expect(answerWords(number)).toBe('37 → 39.3');
    expect(answerSentence(number, 3)).toBe('Answered 39.3, mean of 2 seeds; off by 2.25.');
  });
});
