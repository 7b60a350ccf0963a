import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { previewWishSchema } from '../../../../src/contract/data/recordings/preparation-preview.ts';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import { inspect, previewPreparation } from '../../../../src/data/index.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

/** Written by SciPy 1.17.1: 420 rows of two channels at 160 Hz. */
const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/preparation/steps.json', import.meta.url), 'utf8'),
) as { input: number[]; filters: { kind: string; order: number; values: number[] }[]; zScore: number[] };
const ROWS = 420;
const rowAt = (row: number) => [fixture.input[2 * row]!, fixture.input[2 * row + 1]!];
const textOf = (rows: (number | string)[][], header = 'EEG FP1-REF,T3') =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;
const input = Array.from({ length: ROWS }, (_, row) => rowAt(row));

const told = (options: object, signals: object = {}) => ({
  split: { by: 'random', validation: 0, test: 0 },
  format: 'delimited-signals',
  signals: { windowLength: ROWS, samplingRate: 160, ...signals },
  options,
});
const imported = async (options: object, signals: object = {}, rows: (number | string)[][] = input) =>
  importFrom(await folderOf({ 'a.csv': textOf(rows) }), told(options, signals));
const steps = (...list: object[]) => ({ prepare: { steps: list } });

/** As a share of the largest value. */
function difference(found: readonly number[], expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, at) => Math.abs(value - (found[at] ?? NaN)))) / largest;
}

describe('recordings in delimited text', () => {
  it('are filtered and scaled as SciPy and NumPy do it', async () => {
    const low = fixture.filters.find(({ kind, order }) => kind === 'low' && order === 4)!;
    const filtered = await imported(steps({ step: 'low-pass', at: 40 }));
    expect(difference(filtered.sample(`a.csv rows 1–${ROWS}`), low.values)).toBeLessThan(1e-5);
    const scaled = await imported(steps({ step: 'scale' }));
    expect(difference(scaled.sample(`a.csv rows 1–${ROWS}`), fixture.zScore)).toBeLessThan(1e-5);
  });

  it('are given the names of the 10–20 system, and the channels that a reference leaves', async () => {
    const pair = { step: 'reference', to: 'Fp1-T7' };
    const found = await imported({ prepare: { names: '10-20', steps: [pair] } }, { windowLength: 20 });
    expect(found).toMatchObject({ shape: [20, 1], channelNames: ['Fp1-T7'] });
    const [one, other] = rowAt(25) as [number, number];
    expect(found.sample('a.csv rows 21–40')[5]).toBeCloseTo(one - other, 4);
  });

  it('may be scaled by windows, which overlap', async () => {
    const found = await imported(steps({ step: 'scale', over: 'window-channel' }), {
      windowLength: 40,
      windowStride: 20,
    });
    expect(found.places[0]).toMatchObject({ rows: 20 * 40 });
    const own = input.slice(40, 80).map(([value]) => value!);
    const mean = own.reduce((sum, one) => sum + one / 40, 0);
    const deviation = Math.sqrt(own.reduce((sum, one) => sum + (one - mean) ** 2 / 40, 0));
    const stored = found.sample('a.csv rows 41–80').filter((_, at) => at % 2 === 0);
    expect(
      difference(
        stored,
        own.map((one) => (one - mean) / deviation),
      ),
    ).toBeLessThan(1e-5);
  });

  it('are looked through for bad stretches, and hold no jump where a value is missing', async () => {
    const rows = input.map((row, at) => (at >= 160 && at < 320 ? [row[0]!, 5] : [...row]));
    const faults = { badStretches: 'left-out' };
    const found = await imported({ faults }, { windowLength: 40 }, rows);
    expect(found.samples.sources).not.toContain('a.csv rows 161–200');
    expect(found.samples.sources).toContain('a.csv rows 121–160');
    expect(found.issues).toContainEqual(expect.objectContaining({ reason: 'windows-in-bad-stretches' }));
    expect(found.places[0]!.marks).toContainEqual(
      expect.objectContaining({ kind: 'flat', channel: 'T3', start: 160, end: 320 }),
    );
    const constant = Array.from({ length: 200 }, (_, at) => [at === 100 ? '?' : 40, at % 3]);
    const filtered = await imported(steps({ step: 'low-pass', at: 20 }), { windowLength: 40 }, constant);
    for (const value of filtered.sample('a.csv rows 41–80').filter((_, at) => at % 2 === 0))
      expect(value).toBeCloseTo(40, 3);
  });

  it('are shown before and after, as the import stores them', async () => {
    const folder = await folderOf({ 'a.csv': textOf(input) });
    const list = [
      { step: 'high-pass', at: 0.5 },
      { step: 'scale', by: 'median', over: 'window' },
    ];
    const options = told(steps(...list), { windowLength: 40 });
    const stored = await importFrom(folder, options);
    const { stages, rate, end, partOf } = await previewPreparation(
      folder,
      importSchema.parse({ path: '.', ...options }),
      previewWishSchema.parse({ from: 0.25, seconds: 0.25, points: 1000 }),
    );
    expect({ rate, end, partOf }).toEqual({ rate: 160, end: ROWS / 160, partOf: null });
    expect(stages[0]!.channels[0]!.values[0]).toBeCloseTo(rowAt(40)[0]!, 3);
    expect(stages.at(-1)!.channels[1]!.values).toEqual(
      stored.sample('a.csv rows 41–80').filter((_, at) => at % 2 === 1),
    );
  });

  it('say what cannot be done before anything is read', async () => {
    const folder = await folderOf({ 'a.csv': textOf(input) });
    const options = told(steps({ step: 'low-pass', at: 80 }));
    const { doubts, preparation } = await inspect(folder, importSchema.parse({ path: '.', ...options }));
    expect(preparation).toEqual({ rate: 160, channels: 2 });
    expect(doubts).toContainEqual(expect.objectContaining({ code: 'recordings.filter', blocking: true }));
    expect(await failureOf(importFrom(folder, options))).toMatchObject({ code: 'recordings.filter' });
  });

  it('are kept with their labels as events', async () => {
    const rows = input.map((row, at) => [...row, at < 200 ? 'rest' : 'fist']);
    const folder = await folderOf({ 'a.csv': textOf(rows, 'u,v,label') });
    const { places } = await importFrom(folder, told({}, { windowLength: 40 }));
    expect(places[0]).toMatchObject({ rows: ROWS, stretches: [{ start: 0, end: ROWS, seconds: 0 }] });
    expect(places[0]!.marks).toEqual([
      { kind: 'event', name: 'rest', channel: null, start: 0, end: 200 },
      { kind: 'event', name: 'fist', channel: null, start: 200, end: ROWS },
    ]);
  });
});
