/** Recordings in delimited text. */
import { expect } from 'vitest';
import type { Imported } from '../../../fixtures/imports.ts';
import type { Case } from './case.ts';

const signals = { windowLength: 64 };
const classes = (dataset: Imported) => dataset.classes.map(({ name }) => name);
/** A row of a recording, as stored. */
function row(dataset: Imported, file: string, at: number): number[] {
  const [length = 1, channels = 1] = dataset.shape;
  const start = Math.floor(at / length) * length;
  const window = dataset.sample(`${file} rows ${start + 1}–${start + length}`);
  return window.slice((at - start) * channels, (at - start + 1) * channels);
}
const near = (values: number[]) => values.map((value) => expect.closeTo(value, 5) as number);

export const signalCases: readonly Case[] = [
  {
    folder: '50-one-channel-decimal-comma',
    should: 'reads one channel of values with decimal commas',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['EMG']);
      expect(row(dataset, 'rest/0.csv', 1)).toEqual(near([0.56006]));
      expect(classes(dataset)).toEqual(['move', 'rest']);
    },
  },
  {
    folder: '52-quoted-decimal-comma',
    should: 'reads two channels of quoted values with decimal commas',
    options: { format: 'delimited-signals', signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['a', 'b']);
      expect(row(dataset, 'rest/0.csv', 0)).toEqual(near([0.7958, -1.3727]));
    },
  },
  {
    folder: '54-semicolon-thousands-point',
    should: 'reads 1.518,3 as 1518.3',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['load', 'force']);
      const [load, force] = row(dataset, 'rest/0.csv', 0);
      expect(load).toBeCloseTo(1518.3, 3);
      expect(force).toBeCloseTo(650.9, 3);
    },
  },
  {
    folder: '55-pandas-index-column',
    should: 'leaves out a nameless column that counts rows',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['x', 'y', 'z']);
      expect(row(dataset, 'rest/0.csv', 1)).toEqual(near([1.1129, -0.83152, -1.23011]));
    },
  },
  {
    folder: '57-numeric-header',
    should: 'takes a line 0,1,2 above decimals for names',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['0', '1', '2']);
      expect(row(dataset, 'rest/0.csv', 0)).toEqual(near([0.85352, -0.78903, -1.09292]));
    },
  },
  {
    folder: '58-T-degC-is-no-time',
    should: 'keeps a temperature named T, and reads the rate from dates',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['p (mbar)', 'T (degC)', 'rh (%)']);
      expect(dataset.samplingRate).toBeCloseTo(1 / 60, 6);
    },
  },
  {
    folder: '59-openbci',
    should: 'finds channels and rate below lines of comments, counters and clocks beside them',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      const channels = ['EXG Channel 0', 'EXG Channel 1', 'EXG Channel 2'];
      expect(dataset.channelNames).toEqual(channels);
      expect(dataset.samplingRate).toBe(250);
      expect((await given.import({ signals: { ...signals, channels } })).channelNames).toEqual(channels);
    },
  },
  {
    folder: '60-empatica-e4',
    should: 'takes start and rate at the top for no data',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.samplingRate).toBe(32);
      expect(dataset.shape).toEqual([64, 3]);
      expect(row(dataset, 'rest/0.csv', 0)).toEqual([34, -31, -43]);
    },
  },
  {
    folder: '62-two-header-lines',
    should: 'takes the line of units for no data',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['EMG1', 'EMG2', 'EMG3']);
      expect(dataset.samplingRate).toBe(100);
      expect(row(dataset, 'rest/0.csv', 0)).toEqual(near([0.85352, -0.78903, -1.09292]));
    },
  },
  {
    folder: '63-trailing-delimiter',
    should: 'leaves out the empty column at the end',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['x', 'y', 'z']);
      expect(dataset.issues.map(({ reason }) => reason)).toEqual(['rate-unknown']);
    },
  },
  {
    folder: '66-time-gap-and-other-rate',
    should: 'reads 50 Hz and tells of the gap of an hour',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['x', 'y', 'z']);
      expect(dataset.samplingRate).toBe(50);
      const gaps = dataset.issues.filter(({ reason }) => reason === 'time-gap');
      expect(gaps[0]).toMatchObject({ row: 303 });
      expect(gaps[0]?.message).toContain('1 h');
      // Rows 257 to 320 would lie on both sides of it.
      expect(dataset.samples.sources).not.toContain('rest/0.csv rows 257–320');
    },
  },
  {
    folder: '70-channel-order-and-count',
    should: 'orders channels by name, and leaves out none of the recordings for the first one',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['x', 'y', 'z']);
      expect(row(dataset, 'rec3.csv', 0)).toEqual(near([1.2799, -0.56541, -0.64881]));
      expect(row(dataset, 'rec0.csv', 0)).toEqual(near([0.85352, -0.78903, -1.09292]));
    },
  },
  {
    folder: '72-pamap2-like',
    should: 'takes no time stamp for a channel, and loses no window to a channel with gaps',
    options: { signals: { ...signals, labelColumnIndex: 2 } },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['channel 4', 'channel 5', 'channel 6']);
      expect(dataset.samplingRate).toBe(100);
      expect(classes(dataset)).toEqual(['1', '4']);
      expect(dataset.sampleCount).toBe(3 * 4);
      const held = await given.import({
        signals: { ...signals, labelColumnIndex: 2, columns: { 3: 'channel' }, missing: 'hold' },
      });
      expect(held.shape).toEqual([64, 4]);
      expect(row(held, 'subject102.dat', 64)[0]).toBeGreaterThan(100);
      // Nothing is known before the first value.
      expect(held.samples.sources).not.toContain('subject102.dat rows 1–64');
    },
  },
  {
    folder: '75-duplicate-channel-names',
    should: 'keeps six different channels',
    options: { signals: { ...signals, channels: ['acc', 'acc', 'acc', 'gyr', 'gyr', 'gyr'] } },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['acc', 'acc (2)', 'acc (3)', 'gyr', 'gyr (2)', 'gyr (3)']);
      const first = [-0.93624, -0.97594, -0.89643, 1.04449, 0.81807, 0.83795];
      expect(row(dataset, 'rest/0.csv', 0)).toEqual(near(first));
    },
  },
  {
    folder: '77-utf16-signal',
    should: 'reads UTF-16',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['x', 'y', 'z']);
      expect(row(dataset, 'rest/1.txt', 0)).toEqual(near([-0.98757, 0.17531, -0.57088]));
    },
  },
  {
    folder: '78-quoted-header-with-comma',
    should: 'reads names with commas in quotes',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['EMG, mV', 'Force, N']);
      expect(dataset.samplingRate).toBe(100);
    },
  },
  {
    folder: '81-trigger-column-taken-as-label',
    should: 'takes class folders for labels, not a trigger',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.channelNames).toEqual(['x', 'y', 'z']);
      expect(classes(dataset)).toEqual(['move', 'rest']);
      expect(dataset.labeledCount).toBe(dataset.sampleCount);
    },
  },
  {
    folder: '83-integers-first-then-commas',
    should: 'reads decimal commas that begin late',
    options: { signals },
    async check(given) {
      const dataset = await given.import();
      expect(dataset.issues.map(({ reason }) => reason)).toEqual(['rate-unknown']);
      expect(row(dataset, 'rest/0.csv', 0)).toEqual([0, 0, 0]);
      expect(row(dataset, 'rest/0.csv', 101)).toEqual(near([1.1129, -0.83152, -1.23011]));
    },
  },
];
