import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { previewWishSchema } from '../../../../src/contract/data/recordings/preparation-preview.ts';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { previewText } from '../../../../src/data/signals/preview-text.ts';
import { textSchema } from '../../../../src/data/signals/recorded/options.ts';
import { planSignals } from '../../../../src/data/signals/signal-plan.ts';
import { failureOf, folderOf } from '../../../fixtures/imports.ts';
import { noise, table } from '../delimited/heads.ts';

const rows = (count: number, seed = 0) =>
  table('time,x,y', count, (at) => [(at / 50).toFixed(3), noise(at + seed), noise(at + seed + 9)]);
async function preview(
  files: Record<string, string>,
  wish: object = {},
  own: object = {},
  signals: object = {},
) {
  const folder = await folderOf(files);
  const options = importSchema.parse({ path: folder, signals: { windowLength: 50, ...signals } });
  const told = textSchema.parse(own);
  const plan = await planSignals(await listFiles(folder), options, told, createIssueList());
  return previewText(
    plan,
    options,
    told,
    previewWishSchema.parse({ from: 0, seconds: 1, points: 1000, ...wish }),
  );
}
const valuesFrom = (first: number, count: number, seed = 0) =>
  Array.from({ length: count }, (_, at) => Math.fround(Number(noise(first + at + seed))));

it('shows rows of the first recording as they were written', async () => {
  const found = await preview({ 'a.csv': rows(200), 'b.csv': rows(200, 70) }, { from: 2 });
  expect(found).toMatchObject({
    file: 'a.csv',
    files: ['a.csv', 'b.csv'],
    rate: 50,
    from: 2,
    seconds: 1,
    end: 4,
    partOf: null,
  });
  expect(found.stages).toHaveLength(1);
  expect(found.stages[0]!.channels.map(({ name }) => name)).toEqual(['x', 'y']);
  expect(found.stages[0]!.channels[0]!.values).toEqual(valuesFrom(100, 50));
});

it('shows the recording that is asked for, and what each step makes of it', async () => {
  const found = await preview(
    { 'a.csv': rows(200), 'b.csv': rows(200, 70) },
    { file: 'b.csv', seconds: 4 },
    { prepare: { steps: [{ step: 'detrend', by: 'mean' }] } },
  );
  expect(found.file).toBe('b.csv');
  const [before, after] = found.stages.map(({ channels }) => channels[0]!.values as number[]);
  expect(before).toEqual(valuesFrom(0, 200, 70));
  const mean = before!.reduce((sum, value) => sum + value / 200, 0);
  expect(after![10]).toBeCloseTo(before![10]! - mean, 4);
});

it('shows windows that stand by themselves as an import cuts them', async () => {
  const { stages } = await preview(
    { 'a.csv': rows(120) },
    { seconds: 2.4 },
    { prepare: { steps: [{ step: 'scale', over: 'window-channel' }] } },
  );
  const values = stages.at(-1)!.channels[0]!.values;
  // Two windows of fifty rows; what is left of the third is none.
  expect(values.slice(0, 100).every((value) => value !== null)).toBe(true);
  expect(values.slice(100)).toEqual(new Array(20).fill(null));
  const first = values.slice(0, 50) as number[];
  expect(first.reduce((sum, value) => sum + value / 50, 0)).toBeCloseTo(0, 4);
});

describe('what cannot be shown', () => {
  it('is told', async () => {
    expect(await failureOf(preview({ 'a.csv': rows(100) }, { file: 'gone.csv' }))).toMatchObject({
      code: 'recordings.no-preview',
      message: '“gone.csv” cannot be shown: There is no recording that can be read.',
    });
    expect(await failureOf(preview({ 'a.csv': '' }))).toMatchObject({
      message: '“the files” cannot be shown: There is no recording that can be read.',
    });
  });

  it('is a preparation that an import would refuse', async () => {
    expect(
      await failureOf(
        preview({ 'a.csv': rows(100) }, {}, { prepare: { steps: [{ step: 'low-pass', at: 80 }] } }),
      ),
    ).toMatchObject({ code: 'recordings.filter', place: 'options.prepare' });
  });
});
