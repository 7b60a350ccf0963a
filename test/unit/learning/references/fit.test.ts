import { describe, expect, it } from 'vitest';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { selectRows } from '../../../../src/learning/evaluation/probes/features.ts';
import { largestClass } from '../../../../src/learning/evaluation/probes/logistic-regression.ts';
import { scoreOf } from '../../../../src/learning/evaluation/metrics/metrics.ts';
import {
  fitLinearReference,
  fitTreesReference,
  indicatorColumns,
} from '../../../../src/learning/references/fit.ts';
import '../helpers.ts';
import { columnOf, outcomeColumn, rowsOf } from './adult.ts';
import fixture from './trees-fixture.json' with { type: 'json' };

const columns = fixture.columns.map((name, place): StoredColumn => {
  const size = fixture.categories[place]!;
  const values = columnOf('train', place);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return size === 0
    ? { name, kind: 'number', missing: 0, mean, standardDeviation: 1, quantiles: [0, 1] }
    : {
        name,
        kind: 'category',
        missing: 0,
        categories: Array.from({ length: size }, (_, code) => String(code)),
        counts: new Array<number>(size).fill(1),
      };
});
const every = fixture.columns.map((_, place) => place);
const all = { features: rowsOf('train', every), targets: columnOf('train', outcomeColumn) };
const places = Array.from({ length: 1500 }, (_, place) => place);
const part = (from: number, to: number) => ({
  features: selectRows(all.features, places.slice(from, to)),
  targets: all.targets.slice(from, to),
});
const request = { train: part(0, 1000), validation: part(1000, 1500), columns, classCount: 2 };

function areaOf(answer: ReturnType<typeof fitLinearReference>): number {
  const probabilities = answer(rowsOf('test', every));
  const predictions = largestClass(probabilities, 2);
  return scoreOf('auroc', {
    targets: columnOf('test', outcomeColumn),
    predictions,
    classCount: 2,
    probabilities,
  });
}

describe('outside references on adult income', () => {
  it('are a linear model and trees that both know what there is to know', () => {
    // On these rows scikit-learn's logistic regression reaches 0.8777 with the best of three penalties.
    expect(Math.abs(areaOf(fitLinearReference(request)) - 0.8777)).toBeLessThan(0.01);
    expect(areaOf(fitTreesReference(request))).toBeGreaterThan(0.88);
  });

  it('explain numbers', () => {
    const hours = fixture.columns.indexOf('hours-per-week');
    const targets = columnOf('train', hours);
    const own = { ...request, classCount: 0 };
    const withNumbers = {
      ...own,
      train: { features: selectRows(all.features, places.slice(0, 300)), targets: targets.slice(0, 300) },
      validation: { ...request.validation, targets: targets.slice(1000) },
    };
    for (const fit of [fitLinearReference, fitTreesReference]) {
      const predictions = fit(withNumbers)(rowsOf('test', every));
      const r2 = scoreOf('r2', { targets: columnOf('test', hours), predictions, classCount: 0 });
      // The column itself is among those that it is told from.
      expect(r2).toBeGreaterThan(0.9);
    }
  });
});

describe('columns of indicators', () => {
  it('have a place for every category and for what is unknown', () => {
    const few: StoredColumn[] = [
      { name: 'a', kind: 'number', missing: 0, mean: 5, standardDeviation: 2, quantiles: [1, 9] },
      { name: 'b', kind: 'category', missing: 0, categories: ['x', 'y', 'z'], counts: [1, 1, 1] },
    ];
    const rows = { values: Float32Array.of(4, 1, NaN, NaN, 6, 2), rows: 3, columns: 2 };
    const { values, columns: width } = indicatorColumns(rows, few);
    expect(width).toBe(5);
    expect([...values]).toEqual([4, 0, 0, 1, 0, 5, 1, 0, 0, 0, 6, 0, 0, 0, 1]);
  });
});
