import { describe, expect, it } from 'vitest';
import {
  placeAfter,
  placesAfter,
  runsOfWindows,
} from '../../../../../src/data/signals/preparation/windows-apart.ts';
import { importFrom } from '../../../../fixtures/imports.ts';
import { recordingFile } from '../../../../fixtures/recordings/expected.ts';

const everything = { split: { by: 'random', validation: 0, test: 0 } };
const almost = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4) as number);

/** (x − numpy.mean(x)) / numpy.std(x) */
function zScore(values: readonly number[]): number[] {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length);
  return values.map((one) => (one - mean) / deviation);
}
const channelOf = (values: readonly number[], channel: number) =>
  values.filter((_, at) => at % 2 === channel);

const imported = (steps: object[], options: object = {}) =>
  importFrom(recordingFile('rates.edf'), {
    ...everything,
    signals: { windowLength: 16, windowStride: 8 },
    options: { labelSource: 'nothing', prepare: { steps }, ...options },
  });

describe('windows that are scaled each by itself', () => {
  it('hold the values of their own scale where they overlap, and keep their names', async () => {
    const raw = await imported([]);
    const apart = await imported([
      { step: 'scale', over: 'window-channel' },
      { step: 'clip', at: 1.5 },
    ]);
    expect(apart.samples.sources).toEqual(raw.samples.sources);
    // 23 windows of 192 rows.
    expect(apart.bytes).toBe(23 * 16 * 2 * 4);
    for (const source of ['rates.edf rows 1–16', 'rates.edf rows 17–32', 'rates.edf rows 129–144'])
      for (const channel of [0, 1]) {
        const expected = zScore(channelOf(raw.sample(source), channel));
        expect(channelOf(apart.sample(source), channel)).toEqual(
          almost(expected.map((one) => Math.max(-1.5, Math.min(1.5, one)))),
        );
      }
  });

  it('are scaled with all channels together, by the median too, after steps over the recording', async () => {
    const filter = { step: 'high-pass', at: 2 };
    const raw = await imported([filter]);
    const together = await imported([filter, { step: 'scale', over: 'window' }]);
    const source = 'rates.edf rows 33–48';
    expect(together.sample(source)).toEqual(almost(zScore(raw.sample(source))));
    const median = await imported([filter, { step: 'scale', by: 'median', over: 'window' }]);
    // numpy.quantile of 32 values: places 7.75, 15.5 and 23.25.
    const sorted = raw.sample(source).toSorted((one, other) => one - other);
    const at = (place: number) =>
      sorted[Math.floor(place)]! + (sorted[Math.ceil(place)]! - sorted[Math.floor(place)]!) * (place % 1);
    expect(median.sample(source)).toEqual(
      almost(raw.sample(source).map((one) => (one - at(15.5)) / (at(23.25) - at(7.75)))),
    );
  });

  it('tell of how many rows they are, and when each began', async () => {
    const { places } = await imported([{ step: 'scale', over: 'window-channel' }]);
    expect(places[0]).toMatchObject({ rows: 23 * 16 });
    expect(places[0]!.stretches.slice(0, 3)).toEqual([
      { start: 0, end: 16, seconds: 0 },
      { start: 16, end: 32, seconds: 8 / 64 },
      { start: 32, end: 48, seconds: 16 / 64 },
    ]);
    // The first event lasts from 0.25 s to 0.75 s, rows 16 to 48: the windows from row 8 on hold a part of it.
    const marks = places[0]!.marks.filter(({ name }) => name === 'T1').slice(0, 2);
    expect(marks.map(({ start, end }) => [start, end])).toEqual([
      [24, 32],
      [32, 48],
    ]);
  });
});

describe('rows after windows were set apart', () => {
  const windows = [
    { start: 0, stretch: 1 },
    { start: 4, stretch: 1 },
    { start: 8, stretch: 2 },
    { start: 20, stretch: 2 },
  ];
  const runs = runsOfWindows(windows, ({ stretch }) => stretch, 4);

  it('run on where windows follow each other within a stretch', () => {
    expect(runs).toEqual([
      { start: 0, end: 8, place: 0 },
      { start: 8, end: 12, place: 8 },
      { start: 20, end: 24, place: 12 },
    ]);
  });

  it('keep what is marked in them, and moments', () => {
    expect(placesAfter({ start: 6, end: 22 }, runs)).toEqual([
      { start: 6, end: 8 },
      { start: 8, end: 12 },
      { start: 12, end: 14 },
    ]);
    expect(placesAfter({ start: 21, end: 21 }, runs)).toEqual([{ start: 13, end: 13 }]);
    expect(placesAfter({ start: 13, end: 15 }, runs)).toEqual([]);
  });

  it('begin when they did', () => {
    const place = { path: 'a', start: 0, rows: 24, begun: null, subject: null, marks: [] };
    const stretches = [
      { start: 0, end: 8, seconds: 0 },
      { start: 8, end: 24, seconds: 100 },
    ];
    expect(placeAfter({ ...place, stretches }, runs, 16, 2).stretches.map(({ seconds }) => seconds)).toEqual([
      0, 100, 106,
    ]);
  });
});
