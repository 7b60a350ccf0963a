import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { togetherSchema } from '../../../../src/contract/recipe/together.ts';
import { convertRow, tablesTogether } from '../../../../src/data/tables/together.ts';
import type { Source } from '../../../../src/data/together/request.ts';
import { failureOf } from '../../../fixtures/imports.ts';

const number = (name: string, mean: number, standardDeviation: number): StoredColumn => ({
  name,
  kind: 'number',
  missing: 0,
  mean,
  standardDeviation,
  quantiles: [mean - 2 * standardDeviation, mean, mean + 2 * standardDeviation],
});
const category = (name: string, categories: string[], othersLast = false): StoredColumn => ({
  name,
  kind: 'category',
  missing: 0.5,
  categories,
  counts: categories.map((_, at) => at + 1),
  ...(othersLast && { othersLast }),
});
const table = (name: string, columns: StoredColumn[]): Source => ({
  name,
  modality: 'table',
  shape: [columns.length],
  dtype: 'float32',
  columns,
  channelStatistics: { mean: [], standardDeviation: [] },
});
const clinic = table('clinic', [number('Age', 50, 10), category('sex', ['f', 'm']), number('bmi', 25, 5)]);
const survey = table('survey', [category('Sex', ['m', 'other', 'rest'], true), number('years', 30, 20)]);
const together = (wishes: z.input<typeof togetherSchema>, sources = [clinic, survey]) =>
  tablesTogether({
    sources,
    like: sources[0]!,
    shape: sources[0]!.shape,
    wishes: togetherSchema.parse(wishes),
  });
const names = { survey: { years: 'age' } };

describe('the common form of tables', () => {
  it('has the columns that all have, by name and by hand, numbers scaled by their own table', () => {
    const { shape, about, steps } = together({ names });
    expect(shape).toEqual([2]);
    expect(about.columns).toMatchObject([
      { name: 'Age', kind: 'number', mean: 0, standardDeviation: 1, quantiles: [-2, 0, 2] },
      {
        name: 'sex',
        kind: 'category',
        categories: ['f', 'm', 'other', 'rest'],
        othersLast: true,
        counts: [1, 3, 2, 3],
      },
    ]);
    const [own] = steps['clinic']!;
    const [other] = steps['survey']!;
    if (own?.step !== 'columns' || other?.step !== 'columns') throw new Error('no columns');
    expect([...convertRow(Float32Array.of(60, 1, 20), own)]).toEqual([1, 1]);
    expect([...convertRow(Float32Array.of(2, 10), other)]).toEqual([-1, 3]);
    expect([...convertRow(Float32Array.of(0, NaN), other)]).toEqual([NaN, 1]);
  });

  it('has all columns where it is asked for, not known where a table lacks one', () => {
    const { about, steps } = together({ match: 'all', names });
    expect(about.columns!.map(({ name, missing }) => [name, missing])).toEqual([
      ['Age', 0],
      ['sex', 0.5],
      ['bmi', 0.5],
    ]);
    const [other] = steps['survey']!;
    if (other?.step !== 'columns') throw new Error('no columns');
    expect([...convertRow(Float32Array.of(1, 50), other)]).toEqual([1, 2, NaN]);
  });

  it('is the same whichever table is fine-tuned, so that bins of numbers are', () => {
    const wishes = togetherSchema.parse({ names });
    const request = { sources: [clinic, survey], like: clinic, shape: clinic.shape, wishes };
    expect(tablesTogether({ ...request, sources: [survey, clinic] }).about).toEqual(
      tablesTogether(request).about,
    );
  });

  it('is refused with what would make it possible', async () => {
    const refused = (...given: Parameters<typeof together>) => failureOf((async () => together(...given))());
    const far = table('far', [number('x', 0, 1)]);
    expect(await refused({}, [clinic, far])).toMatchObject({ code: 'together.no-common-column' });
    expect(await refused({ match: 'in-order' })).toMatchObject({ code: 'together.by-name' });
    expect(await refused({ names: { survey: { Sex: 'age' } } })).toMatchObject({
      code: 'together.other-kinds',
      message: 'Column “Age” is number in “clinic” and category in “survey”.',
    });
    const twice = table('twice', [number('Age', 0, 1), number('age', 0, 1)]);
    expect(await refused({}, [clinic, twice])).toMatchObject({ code: 'together.ambiguous' });
  });
});
