import { expect, it } from 'vitest';
import type { Model } from '../../../../src/contract/model/model.ts';
import { modelSection } from '../../../../src/service/reports/models.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { flat, reportContents } from '../../../fixtures/reports.ts';

const { model: kept } = modelNote('aaaaaaaaaa-1', { name: 'baseline <1>' });
const { model: final } = modelNote('bbbbbbbbbb-final', {
  name: 'final-1',
  made: {
    kind: 'final',
    epochs: 3,
    followed: {
      runs: ['baseline-1'],
      seeds: 2,
      labels: 8,
      metric: 'balanced-accuracy',
      validation: { score: 0.9, samples: 10 },
      test: { score: 0.85, samples: 20 },
    },
  },
  trainedOn: { ...kept.trainedOn, labels: 1090, splits: ['train', 'test'] },
  scores: { metric: 'balanced-accuracy', train: { score: 1, samples: 1090 }, validation: null, test: null },
});

it('lists what each model was trained on and scored, and of made ones whose scores those are', () => {
  const text = flat(modelSection(reportContents({ models: [final, kept] })));
  const row = (name: string, labels: string, score: string) =>
    `<tr><th scope="row">${name}</th><td>${labels}</td><td class="number">balanced accuracy: ${score}</td></tr>`;
  expect(text).toContain(
    `${row('final-1', '1,090 training and test labels', 'none (followed: 85.0 %)')}${row('baseline &lt;1&gt;', '8 training labels', '80.0 %')}`,
  );
  expect(text.match(/<h3>.*?<\/h3>/g)).toEqual(['<h3>final-1</h3>']);
  expect(text).toContain('It has no test score of its own.');
});

it('lists every head of a model that has several', () => {
  const { others: _others, members: _members, ...plain } = kept;
  const two: Model = {
    ...kept,
    others: [{ ...plain, trainedOn: { ...kept.trainedOn, dataset: 'lab', labels: 4 }, scales: [null] }],
  };
  const text = flat(modelSection(reportContents({ models: [two] })));
  expect(text.match(/<th scope="row">.*?<\/td>/g)).toEqual([
    '<th scope="row">baseline &lt;1&gt;, stripes</th><td>8 training labels</td>',
    '<th scope="row">baseline &lt;1&gt;, lab</th><td>4 training labels</td>',
  ]);
});

it('is left out where no model was kept', () => {
  expect(modelSection(reportContents())).toBeNull();
});
