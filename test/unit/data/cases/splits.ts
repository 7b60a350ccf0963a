/** Splits that are hard to make, and data that a study cannot be made of. */
import { expect } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { splitGaps } from '../../../../src/contract/data/splits/split-gaps.ts';
import { checkRecipeText } from '../../../../src/service/recipes/text.ts';
import type { Imported } from '../../../fixtures/imports.ts';
import type { Case } from './case.ts';

const named = (dataset: Imported): Dataset => ({
  ...dataset,
  id: 'd',
  name: 'data',
  source: '',
  createdAt: '2026-01-01T00:00:00.000Z',
});

function checkStudy(dataset: Imported, recipe: Record<string, unknown> = {}) {
  const text = JSON.stringify({
    name: 'A study',
    data: { pretrain: ['data'] },
    pretext: { batchSize: 8 },
    finetune: { budgets: [{ perClass: 2 }] },
    ...recipe,
  });
  return checkRecipeText(text, 'study.yaml', () => ({
    datasets: [named(dataset)],
    checkpointIds: [],
    encoders: new Map(),
  }));
}

const problemsOf = (check: ReturnType<typeof checkStudy>) =>
  check.valid ? [] : check.failures.map(({ message }) => message);

export const splitCases: readonly Case[] = [
  {
    folder: '25-few-numbers-no-test',
    should: 'keeps some of 18 numbers for validation and test',
    options: { labels: 'labels.csv', target: 'number' },
    async check(given) {
      const { split, labeledCount } = await given.import();
      expect(labeledCount).toBe(18);
      const { train, validation, test } = split.labeled!;
      expect(train + validation + test).toBe(18);
      expect(Math.min(train - 9, validation, test - 1)).toBeGreaterThanOrEqual(2);
    },
  },
  {
    folder: '87-class-without-validation',
    should: 'gives training, validation and test one of the three recordings of each class',
    options: { signals: { windowLength: 32 } },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.classes).toHaveLength(6);
      for (const { name, train, validation, test } of dataset.classes)
        expect(
          [train, validation, test].every((count) => count > 0),
          name,
        ).toBe(true);
      expect(splitGaps(named(dataset))).toEqual([]);
    },
  },
  {
    folder: '90-one-class',
    should: 'makes no study, as one class cannot be told from another',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.classes).toHaveLength(1);
      expect((await given.inspect()).folders!.warnings.join(' ')).toContain('“only” is the only class');
      expect(problemsOf(checkStudy(dataset))).toEqual([
        '“data” has one class, “only”: there is nothing that it could be told from.',
      ]);
    },
  },
  {
    folder: '93-batch-larger-than-data',
    should: 'is refused a batch that is larger than the data, with one that is not',
    async check(given) {
      const dataset = await given.import();
      const [message] = problemsOf(checkStudy(dataset, { pretext: { batchSize: 256 } }));
      expect(message).toBe(
        `\`pretext.batchSize\` of 256 needs at least 512 training samples. Found: ${dataset.split.train}. Choose ${Math.floor(dataset.split.train / 2)} or less.`,
      );
      expect(checkStudy(dataset, { pretext: { batchSize: 8 } }).valid).toBe(dataset.split.train >= 16);
      expect(problemsOf(checkStudy(dataset, { finetune: { budgets: [{ perClass: 500 }] } }))[0]).toContain(
        'A budget of 500 labels per class cannot be drawn',
      );
    },
  },
  {
    folder: '98-test-without-labels',
    should: 'makes no study, as no test sample has a label',
    async check(given) {
      const dataset = await given.import();
      expect(dataset.split.labeled!.test).toBe(0);
      expect((await given.inspect()).folders!.warnings.join(' ')).toContain('nothing of it has a label');
      expect(problemsOf(checkStudy(dataset))[0]).toContain('No test sample of “data” has a label');
    },
  },
  {
    folder: '99-test-has-unknown-class',
    should: 'makes a study that says which class is never trained',
    async check(given) {
      const check = checkStudy(await given.import());
      expect(check.valid && check.warnings.map(({ message }) => message)[0]).toContain(
        '“z_new” of “data” is never trained',
      );
    },
  },
];
