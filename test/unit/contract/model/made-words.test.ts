import { expect, it } from 'vitest';
import { madeSentences, splitWords, testWords } from '../../../../src/contract/model/made-words.ts';
import type { Model } from '../../../../src/contract/model/model.ts';
import { modelNote } from '../../../fixtures/models.ts';

const followed = {
  runs: ['pretrained-1'],
  seeds: 3,
  labels: 40,
  metric: 'accuracy' as const,
  validation: { score: 0.9, samples: 20 },
  test: { score: 0.85, samples: 30 },
};
const { model: plain } = modelNote('aaaaaaaaaa-1');
const final: Model = {
  ...plain,
  temperature: null,
  made: { kind: 'final', followed, epochs: 12.4 },
  trainedOn: { ...plain.trainedOn, labels: 90, splits: ['train', 'validation', 'test'] },
  scores: { metric: 'accuracy', train: { score: 1, samples: 90 }, validation: null, test: null },
};

it('says of a final model that it has no test score, and whose scores stand beside it', () => {
  expect(testWords(final)).toBe('none (followed: 85.0 %)');
  expect(splitWords(final)).toBe('training, validation and test');
  const text = madeSentences(final).join(' ');
  expect(text).toContain('on all 90 training, validation and test labels, for 12.4 epochs');
  expect(text).toContain(
    'It has no test score of its own. The runs that it follows scored 85.0 % on 30 test',
  );
  expect(text).toContain('not calibrated');
});

it('says nothing of a model that a run kept, and of an ensemble what its members scored', () => {
  expect(madeSentences(plain)).toEqual([]);
  expect(testWords(plain)).toBe('80.0 %');
  const ensemble: Model = { ...plain, made: { kind: 'ensemble', followed, epochs: null } };
  expect(madeSentences(ensemble)[0]).toMatch(/mean of the answers of 1 models, the seeds of pretrained-1/);
});
