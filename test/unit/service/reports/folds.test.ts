import { expect, it } from 'vitest';
import type { StudyResult, SummaryRow } from '../../../../src/contract/results/result.ts';
import { inlineFigure } from '../../../../src/service/reports/figures.ts';
import { foldFigure, foldTables } from '../../../../src/service/reports/folds.ts';

const fold = (number: number) => ({
  number,
  train: { groups: 3 },
  validation: { groups: 1, names: ['P9'] },
  test: { groups: 1, names: [`P<${number}>`] },
  sha256: 'hash',
  samples: { train: 300, validation: 50, test: 1234 },
  disjoint: true as const,
});
const arm = { mean: 0.6, sd: 0.02, n: 2, overfitGap: 0.1 };
const result = (count: number) =>
  ({
    folds: {
      by: 'participant',
      words: 'leave one participant out',
      folds: Array.from({ length: count }, (_, at) => fold(at + 1)),
    },
    results: [
      { arm: 'pretrained', fold: 1, budget: { perClass: 5 }, test: 0.75 },
      { arm: 'pretrained', fold: 1, budget: { perClass: 5 }, test: 0.65 },
      { arm: 'baseline', fold: 1, budget: { perClass: 5 }, test: 0.5 },
      ...Array.from({ length: count - 1 }, (_, at) => ({
        arm: 'baseline',
        fold: at + 2,
        budget: { perClass: 5 },
        test: 0.4,
      })),
    ],
    summary: [
      {
        dataset: 'small',
        labels: 10,
        labelsPerClass: 5,
        budget: { perClass: 5 },
        metric: 'accuracy',
        arms: { pretrained: arm, baseline: arm },
        difference: null,
      },
    ],
  }) as unknown as StudyResult & { summary: [SummaryRow] };

it('says who was tested in each fold, by whom it was validated, and what each arm scored', () => {
  const text = foldTables(result(2))!.html.replaceAll(/\s+/g, ' ');
  expect(text).toContain('Leave one participant out: every fold was pretrained and trained without');
  expect(text).toContain('this was counted in every run');
  expect(text).toContain(
    '<th scope="row">participant P&lt;1&gt;</th> <td class="number">1,234</td> <td class="number">70.0 %</td><td class="number">50.0 %</td> <td class="number">+20.0 points</td> <td>participant P9</td> <td class="number">3</td>',
  );
  // What is not there yet is no 0.
  expect(text).toContain('<td class="number">–</td><td class="number">40.0 %</td> <td class="number">–</td>');
  expect(foldTables({ ...result(2), folds: undefined } as unknown as StudyResult)).toBeNull();
});

it('draws a dot for each arm of each fold on one scale', () => {
  const { summary } = result(2);
  const figure = foldFigure(result(2), summary[0])!;
  const text = inlineFigure(figure).html;
  // Two in the key, two of the first fold, one of the second.
  expect(text.match(/<circle/g)).toHaveLength(5);
  expect(text).toContain('participant P&lt;2&gt;');
  const places = [...text.matchAll(/cx="([\d.]+)"\s+cy="(\d+)"/g)].slice(2).map(([, x]) => Number(x));
  const [baseline, pretrained, second] = places as [number, number, number];
  // 0.4 to 0.7: each tenth as far as the others.
  expect((pretrained - baseline) / (baseline - second)).toBeCloseTo(2, 1);
  expect(foldFigure(result(41), summary[0])).toBeNull();
});
