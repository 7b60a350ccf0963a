import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { ResultRow, StudyResult } from '../../../../src/contract/results/result.ts';
import { figureFiles } from '../../../../src/data/images/figure-png.ts';
import { studyFigures } from '../../../../src/service/reports/figure-files.ts';

const row = (arm: 'pretrained' | 'baseline', labelsPerClass: number, seed: number): ResultRow => ({
  arm,
  dataset: 'small',
  labels: 2 * labelsPerClass,
  labelsPerClass,
  seed,
  metric: 'accuracy',
  test: 0.7,
  validation: 0.7,
  train: 1,
  confusion: [
    [7, 1],
    [2, 1234],
  ],
  perClass: [
    { name: '<b>left</b>', support: 8, precision: 0.8, recall: 0.875, f1: 0.84 },
    { name: 'a right side with a long name', support: 8, precision: 0.8, recall: 0.75, f1: 0.78 },
  ],
});
const arm = { mean: 0.7, sd: 0.02, n: 2, overfitGap: 0.1 };
const result = (budgets: number[]) =>
  ({
    study: 'aaaaaaaaaa',
    results: budgets.flatMap((budget) =>
      (['pretrained', 'baseline'] as const).flatMap((one) => [row(one, budget, 1), row(one, budget, 2)]),
    ),
    summary: budgets.map((labelsPerClass) => ({
      dataset: 'small',
      labels: 2 * labelsPerClass,
      labelsPerClass,
      metric: 'accuracy',
      arms: { pretrained: arm, baseline: arm },
      difference: null,
    })),
  }) as unknown as StudyResult;

it('draws scores, what labels buy, and a confusion matrix for each arm and budget', async () => {
  const figures = studyFigures(result([5, 20]));
  expect([...figures.keys()]).toEqual([
    'scores',
    'scores-by-labels',
    'confusion-pretrained-10',
    'confusion-baseline-10',
    'confusion-pretrained-40',
    'confusion-baseline-40',
  ]);
  const confusion = figures.get('confusion-pretrained-10')!;
  // Of both seeds together, whatever the names hold.
  for (const text of ['>14<', '>2<', '>4<', '>2,468<', '&lt;b&gt;left&lt;/b&gt;', 'a right side with…'])
    expect(confusion).toContain(text);
  expect(confusion).toContain('fill-opacity="0.875"');

  const files = await figureFiles(figures);
  expect(files).toHaveLength(12);
  for (const { path, contents } of files) {
    // Each stands alone: its size is known to whoever opens it.
    const { format, width, height } = await sharp(Buffer.from(contents as string)).metadata();
    expect([path, format]).toEqual([path, path.endsWith('.png') ? 'png' : 'svg']);
    expect(width).toBe(path.endsWith('.png') ? 1440 : 720);
    expect(height).toBeGreaterThan(100);
  }
});

it('draws no curve of a single budget, and nothing without a result', () => {
  expect([...studyFigures(result([5])).keys()]).toEqual([
    'scores',
    'confusion-pretrained-10',
    'confusion-baseline-10',
  ]);
  expect(() => studyFigures(result([]))).toThrow('The study has no result yet');
});
