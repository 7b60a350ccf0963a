import { describe, expect, it } from 'vitest';
import {
  answersWords,
  answerWords,
  inOrder,
  likenessWords,
  nameByHead,
  plainName,
  shortSource,
  trainedOnWords,
} from '../../../../../renderer/lib/words/models.ts';
import { headsOf, withHead } from '../../../../../src/contract/model/heads.ts';
import type { Model } from '../../../../../src/contract/model/model.ts';
import type { Prediction } from '../../../../../src/contract/model/prediction.ts';
import { modelNote } from '../../../../fixtures/models.ts';

const modelOf = (head: Model['head'], more: Partial<Model> = {}) =>
  modelNote('aaaaaaaaaaaa', { head, ...more }).model;
const classes = modelOf({ kind: 'classes', classNames: ['left', 'right'] });
const labels = modelOf({ kind: 'labels', names: ['edema', 'mass'] });
const number = modelOf({ kind: 'number' }, { intervals: [{ level: 0.9, halfWidth: 2 }] });
const row = (values: number[], percentile: number | null = null) => ({ values, percentile }) as Prediction;

describe('a model in words', () => {
  it('says what it answers, the first six by name', () => {
    expect(answersWords(classes)).toBe('2 classes: left, right');
    expect(answersWords(number)).toBe('A number');
    expect(answersWords(modelOf({ kind: 'labels', names: [...'abcdefgh'] }))).toBe(
      '8 labels at once: a, b, c, d, e, f and 2 more',
    );
  });

  it('says what it learned from, and whether it was pretrained', () => {
    expect(trainedOnWords(classes)).toBe('8 labels of stripes, from random weights');
    const { trainedOn } = classes;
    const pretraining = { run: 'simclr', task: 'simclr' } as NonNullable<Model['trainedOn']['pretraining']>;
    expect(
      trainedOnWords({ trainedOn: { ...trainedOn, labels: 1200, pretraining, splits: ['train', 'test'] } }),
    ).toBe('1,200 training and test labels of stripes, from simclr (simclr)');
  });
});

it('names files of a head after its dataset, where the model has several', () => {
  const { scores, trainedOn, ...first } = classes;
  const dots = { ...trainedOn, dataset: 'dots' };
  const kept = { ...classes, others: [{ ...first, scores, trainedOn: dots, scales: [[]] }] };
  expect(headsOf(kept).map((head) => nameByHead(kept, withHead(kept, head)))).toEqual([
    `${classes.name}-stripes`,
    `${classes.name}-dots`,
  ]);
  expect(nameByHead(classes, classes)).toBe(classes.name);
});

describe('an answer in words', () => {
  it('is the class, the number with its interval, or the labels that are there', () => {
    expect(answerWords(classes, row([0.2, 0.8]))).toBe('right');
    expect(answerWords(number, row([10]))).toBe('10 (8 to 12)');
    expect(answerWords(labels, row([0.7, 0.1]))).toBe('edema');
    expect(answerWords(labels, row([0.1, 0.1]))).toBe('none of the labels');
  });

  it('says how unlike the training data a sample is', () => {
    expect([null, 40.4, 99.5, 100].map((percentile) => likenessWords({ percentile }))).toEqual([
      '–',
      'within (40 %)',
      'farther than 99.5 % of them',
      'farther than all training samples',
    ]);
  });
});

describe('answers in order', () => {
  it('has the most doubtful first: of labels the one that is least sure, there or not', () => {
    const rows = [row([0.9, 0.1]), row([0.55, 0.45]), row([0.3, 0.7])];
    expect(inOrder(classes, rows, 'doubtful')).toEqual([rows[1], rows[2], rows[0]]);
    const told = [row([0.01, 0.99]), row([0.99, 0.5])];
    expect(inOrder(labels, told, 'doubtful')).toEqual([told[1], told[0]]);
    expect(inOrder(number, [row([2]), row([1])], 'doubtful')).toEqual([row([2]), row([1])]);
  });

  it('has the most unlike first, those of which nothing is known last', () => {
    const rows = [row([1], null), row([1], 5), row([1], 99)];
    expect(inOrder(number, rows, 'unlike')).toEqual([rows[2], rows[1], rows[0]]);
  });
});

it('shortens a source to its last part, and makes a name of it that folders may have', () => {
  expect(shortSource('/data/x/7.csv rows 1–128')).toBe('7.csv rows 1–128');
  expect(shortSource('C:\\data\\7.csv')).toBe('7.csv');
  expect(plainName('3.csv rows 1–128')).toBe('3.csv-rows-1-128');
  expect(plainName('../..')).toBe('');
});
