import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

/** Two neighbours change places: what only ever rises is taken for a clock. */
const turned = (row: number) => row ^ 1;
/** Row r of two channels: r, turned, and -r / 4; the label changes every `stretch` rows. */
const rows = (count: number, from = 0, stretch = 16) =>
  Array.from({ length: count }, (_, at) => [
    turned(from + at),
    -(from + at) / 4,
    Math.floor(at / stretch) % 2,
  ]);
const text = (table: (number | string)[][], delimiter = ',') =>
  table.map((row) => row.join(delimiter)).join('\n') + '\n';
const window = (from: number, length = 8) =>
  Array.from({ length }, (_, at) => [turned(from + at), -(from + at) / 4]).flat();

describe('recordings', () => {
  it('are stored once, windows being offsets into them', async () => {
    const folder = await folderOf({
      'p1-1/a.txt': text(rows(64)),
      'p1-2/a.txt.gz': gzipSync(text(rows(64, 100))),
      'p2-1/a.txt': text(rows(64, 200)),
    });
    const dataset = await importFrom(folder, {
      pathPattern: '{person}-{session}/{name}.txt',
      signals: { windowLength: 8, windowStride: 2, samplingRate: 200, channels: ['u', 'v'] },
    });
    expect(dataset).toMatchObject({
      modality: 'signal',
      dtype: 'float32',
      shape: [8, 2],
      channelNames: ['u', 'v'],
      samplingRate: 200,
    });
    expect(dataset.sampleCount).toBe(3 * 29);
    expect(dataset.bytes).toBe(3 * 64 * 2 * 4);
    expect(dataset.sample('p1-2/a.txt.gz rows 3–10')).toEqual(window(102));
    expect(dataset.split).toMatchObject({ groups: 3 });
    expect([dataset.split.train, dataset.split.validation, dataset.split.test]).toEqual([29, 29, 29]);
  });

  it('give windows the label of their rows; mixed ones have none, the majority’s, or are dropped', async () => {
    const folder = await folderOf({
      'a.csv': text(rows(64)),
      'b.csv': text(rows(64, 100)),
      'c.csv': text(rows(64, 200)),
    });
    const signals = {
      windowLength: 8,
      windowStride: 3,
      labelFrom: 'column',
      classNames: { 0: 'rest', 1: 'fist' },
    };
    const dataset = await importFrom(folder, { signals });
    expect(dataset.labelOf('a.csv rows 1–8')).toBe('rest');
    expect(dataset.labelOf('a.csv rows 10–17')).toBeNull();
    expect(dataset.labelOf('a.csv rows 19–26')).toBe('fist');
    const majority = await importFrom(folder, { signals: { ...signals, mixedWindows: 'majority' } });
    expect(majority.labelOf('a.csv rows 10–17')).toBe('rest');
    expect(majority.labelOf('a.csv rows 16–23')).toBe('fist');
    const dropped = await importFrom(folder, { signals: { ...signals, mixedWindows: 'drop' } });
    expect(dropped.samples.sources).not.toContain('a.csv rows 10–17');
    expect(dropped.labeledCount).toBe(dropped.sampleCount);
  });

  it('guess the label column, leave time out, and take names from the header', async () => {
    const table = (from: number) => [
      ['time', 'emg1', 'emg2', 'state'],
      ...rows(64, from).map((row, at) => [at / 100, ...row]),
    ];
    const folder = await folderOf({
      'a.csv': text(table(0), ';'),
      'b.csv': text(table(100), ';'),
      'c.csv': text(table(200), ';'),
    });
    const dataset = await importFrom(folder, { signals: { windowLength: 8 } });
    expect(dataset.channelNames).toEqual(['emg1', 'emg2']);
    expect(dataset.classes.map(({ name }) => name)).toEqual(['0', '1']);
    expect(dataset.sample('b.csv rows 9–16')).toEqual(window(108));
    const one = await importFrom(folder, { signals: { windowLength: 8, channels: ['emg2'] } });
    expect(one.shape).toEqual([8, 1]);
    expect(one.sample('a.csv rows 1–8')).toEqual([0, -0.25, -0.5, -0.75, -1, -1.25, -1.5, -1.75]);
  });

  it('take the label of the whole file from its folder or the path pattern', async () => {
    const plain = (from: number) => text(rows(32, from).map(([first, second]) => [first!, second!]));
    const files = {
      'walk/1.tsv': plain(0),
      'walk/2.tsv': plain(50),
      'run/1.tsv': plain(100),
      'run/2.tsv': plain(150),
      'run/3.tsv': plain(200),
      'walk/3.tsv': plain(250),
    };
    const byFolder = await importFrom(await folderOf(files), { signals: { windowLength: 8 } });
    expect(byFolder.labelOf('walk/2.tsv rows 9–16')).toBe('walk');
    const byPattern = await importFrom(await folderOf(files), {
      pathPattern: '{label}/{take}.tsv',
      group: 'take',
      signals: { windowLength: 8 },
    });
    expect(byPattern.labelOf('run/3.tsv rows 1–8')).toBe('run');
    expect(byPattern.split.groups).toBe(3);
  });

  it('lose the windows that touch a bad row, which is told by row and column', async () => {
    const table = rows(64).map((row) => row.map(String));
    table[20]![1] = 'lost';
    table[21]![1] = 'lost';
    table[40] = ['1', '2'];
    table[63]![0] = '';
    const folder = await folderOf({
      'a.csv': text(table),
      'b.csv': text(rows(64, 100)),
      'c.csv': text(rows(64, 200)),
    });
    const dataset = await importFrom(folder, { signals: { windowLength: 8 } });
    const told = dataset.issues.map(({ reason, row, severity }) => [reason, row, severity]);
    expect(told).toEqual([
      ['column', undefined, 'noted'],
      ['rate-unknown', undefined, 'noted'],
      ['not-a-number', 21, 'noted'],
      ['not-a-number', 41, 'noted'],
      ['missing-value', 64, 'noted'],
      ['windows-with-bad-rows', undefined, 'left-out'],
    ]);
    expect(dataset.issues[2]?.message).toMatch(/Rows 21 to 22: column 2 .* “lost”/);
    expect(dataset.issues[3]?.message).toContain('2 columns instead of 3');
    expect(dataset.sampleCount).toBe(5 + 8 + 8);
    const kept = dataset.samples.sources.filter((source) => source.startsWith('a.csv'));
    expect(kept).toEqual([1, 9, 25, 33, 49].map((row) => `a.csv rows ${row}–${row + 7}`));
  });

  it('that cannot be used are named with their reason', async () => {
    const good = { 'a.csv': text(rows(64)), 'b.csv': text(rows(64, 100)), 'c.csv': text(rows(64, 200)) };
    const folder = await folderOf({
      ...good,
      'copy.csv': good['a.csv'],
      'empty.csv': '',
      'other.csv': '1,2,3,4\n5,6,7,8\n',
      'packed.csv.gz': gzipSync(text(rows(5000))).subarray(0, 200),
      'picture.png': 'x',
      'short.csv': text(rows(7)),
      'wide.csv': Buffer.from('1,2,3\n', 'utf16le'),
    });
    const dataset = await importFrom(folder, { format: 'delimited-signals', signals: { windowLength: 8 } });
    const leftOut = dataset.issues.filter(({ severity }) => severity === 'left-out');
    const told = Object.fromEntries(leftOut.map(({ file, reason }) => [file, reason]));
    expect(told).toEqual({
      'copy.csv': 'duplicate',
      'empty.csv': 'empty',
      'other.csv': 'other-columns',
      'packed.csv.gz': 'broken',
      'picture.png': 'not-text',
      'short.csv': 'too-short',
      // UTF-16 is read.
      'wide.csv': 'too-short',
    });
    expect(dataset.sampleCount).toBe(24);
    expect(dataset.bytes).toBe(3 * 64 * 2 * 4);
  });

  it('alone are parted by time, without overlap between splits', async () => {
    const folder = await folderOf({ 'one.csv': text(rows(2000, 0, 10)) });
    const dataset = await importFrom(folder, {
      signals: { windowLength: 8, windowStride: 2, labelFrom: 'column' },
    });
    expect(dataset.split.test).toBeGreaterThan(100);
    expect(dataset.split.validation).toBeGreaterThan(50);
    expect(dataset.split.by).toContain('whole stretches of the recording');
    const starts = [...dataset.samples.offsets].map((offset) => offset / 8);
    for (let index = 1; index < starts.length; index += 1) {
      if (dataset.samples.splits[index] !== dataset.samples.splits[index - 1]) {
        expect(starts[index]! - starts[index - 1]!).toBeGreaterThanOrEqual(8);
      }
    }
  });

  it('are refused when the channel names do not fit', async () => {
    const folder = await folderOf({ 'a.csv': text(rows(64)) });
    const failure = await failureOf(importFrom(folder, { signals: { channels: ['x', 'y', 'z', 'w'] } }));
    expect(failure).toMatchObject({ code: 'signals.channels', place: 'a.csv' });
    expect(failure.message).toContain('4 channel names');
  });

  it('predict numbers: the mean of a column over the window', async () => {
    const table = (from: number) => [
      ['x', 'load'],
      ...Array.from({ length: 32 }, (_, at) => [from + at, at]),
    ];
    const folder = await folderOf({
      'a.csv': text(table(0)),
      'b.csv': text(table(50)),
      'c.csv': text(table(90)),
    });
    const dataset = await importFrom(folder, {
      target: 'number',
      labelColumn: 'load',
      signals: { windowLength: 8 },
    });
    const index = dataset.samples.sources.indexOf('b.csv rows 9–16');
    expect(dataset.samples.numbers?.[index]).toBe((8 + 15) / 2);
  });

  const clocked = (hz: number, seconds: number, shift = 0) =>
    text([
      ['time', 'x', 'y'],
      ...Array.from({ length: hz * seconds }, (_, at) => [
        (at / hz).toFixed(5),
        Math.sin((2 * Math.PI * 2 * at) / hz + shift).toFixed(6),
        at % 7,
      ]),
    ]);

  it('of different rates are refused, or brought to one rate', async () => {
    const folder = await folderOf({
      'a.csv': clocked(52, 10),
      'b.csv': clocked(52, 10, 1),
      'c.csv': clocked(104, 10, 2),
    });
    const failure = await failureOf(importFrom(folder));
    expect(failure.code).toBe('delimited.rates-differ');
    expect(failure.message).toContain('52 Hz');
    expect(failure.message).toContain('104 Hz');
    const dataset = await importFrom(folder, { signals: { windowLength: 52, resampleTo: 52 } });
    expect(dataset).toMatchObject({ samplingRate: 52, sampleCount: 30 });
    expect(dataset.bytes).toBe(3 * 520 * 2 * 4);
    // The same tone at the other rate, away from the edges.
    const resampled = dataset.sample('c.csv rows 105–156').filter((_, at) => at % 2 === 0);
    resampled.forEach((value, at) =>
      expect(value).toBeCloseTo(Math.sin((2 * Math.PI * 2 * (104 + at)) / 52 + 2), 2),
    );
  });

  it('are asked for their rate where nothing says it, or that it is not known', async () => {
    const folder = await folderOf({ 'a.csv': text(rows(64)), 'b.csv': text(rows(64, 100)) });
    const failure = await failureOf(importFrom(folder, { signals: { withoutRate: false } }));
    expect(failure).toMatchObject({
      code: 'delimited.rate-unknown',
      remedy: expect.stringContaining('or say that it is not known') as string,
    });
    const windows = { windowLength: 8 };
    const unknown = await importFrom(folder, { signals: { ...windows, withoutRate: true } });
    expect(unknown.samplingRate).toBeUndefined();
    expect(unknown.issues.map(({ reason }) => reason)).toContain('rate-unknown');
    expect((await importFrom(folder, { signals: { ...windows, samplingRate: 50 } })).samplingRate).toBe(50);
  });

  it('whose rows come at odd times are taken as even only where somebody says so', async () => {
    const jumpy = [0.01, 0.05, 0.02, 0.03];
    let now = 0;
    const timed = rows(80).map((row, at) => [(now += jumpy[at % 4]!).toFixed(3), ...row.slice(0, 2)]);
    const table = [['time (s)', 'x', 'y'], ...timed];
    const folder = await folderOf({ 'a.csv': text(table) });
    expect(await failureOf(importFrom(folder, { signals: { windowLength: 8 } }))).toMatchObject({
      code: 'delimited.time-uneven',
      message: expect.stringContaining('10 ms to 50 ms apart, 36.0731 Hz on average') as string,
    });
    const told = await importFrom(folder, { signals: { windowLength: 8, samplingRate: 36 } });
    expect(told).toMatchObject({ samplingRate: 36, sampleCount: 10 });
  });

  it('keep gaps, labels and bad rows in their places when they are resampled', async () => {
    const table = (from: number) => [
      ['time', 'x', 'label'],
      ...Array.from({ length: 400 }, (_, at) => [
        (at < 200 ? at / 100 : 60 + at / 100).toFixed(2),
        at === 300 ? 'lost' : String(turned(from + at)),
        at < 100 ? 'still' : 'moves',
      ]),
    ];
    const folder = await folderOf({
      'a.csv': text(table(0)),
      'b.csv': text(table(5)),
      'c.csv': text(table(9)),
    });
    const dataset = await importFrom(folder, { signals: { windowLength: 10, resampleTo: 50 } });
    expect(dataset.samplingRate).toBe(50);
    const ofFile = dataset.samples.sources.filter((source) => source.startsWith('a.csv'));
    // Row 300 is row 150 now; 20 rows on each side of it have a part of it.
    expect(ofFile).toEqual(
      [1, 11, 21, 31, 41, 51, 61, 71, 81, 91, 101, 111, 121, 131, 171, 181, 191].map(
        (row) => `a.csv rows ${row}–${row + 9}`,
      ),
    );
    expect(dataset.labelOf('a.csv rows 41–50')).toBe('still');
    expect(dataset.labelOf('a.csv rows 51–60')).toBe('moves');
    expect(dataset.issues.some(({ reason }) => reason === 'time-gap')).toBe(true);
    const told = await failureOf(
      importFrom(await folderOf({ 'a.csv': text(rows(99)) }), { signals: { resampleTo: 9 } }),
    );
    expect(told.code).toBe('delimited.rate-unknown');
  });

  it('ask where labels come from when folders and a column could give them', async () => {
    const plain = (from: number) => text(rows(64, from));
    const folder = await folderOf({
      'anna/1.csv': plain(0),
      'anna/2.csv': plain(70),
      'ben/1.csv': plain(140),
      'ben/2.csv': plain(210),
    });
    const failure = await failureOf(importFrom(folder, { signals: { windowLength: 8 } }));
    expect(failure).toMatchObject({ code: 'delimited.column' });
    expect(failure.remedy).toContain('label from');
    const byColumn = await importFrom(folder, { signals: { windowLength: 8, labelFrom: 'column' } });
    expect(byColumn.classes.map(({ name }) => name)).toEqual(['0', '1']);
    const byFolder = await importFrom(folder, { signals: { windowLength: 8, labelFrom: 'file' } });
    expect(byFolder.classes.map(({ name }) => name)).toEqual(['anna', 'ben']);
  });

  it('of several people in one file are kept apart by the column that names them', async () => {
    const lines = Array.from({ length: 4 * 50 }, (_, at) => [`s${Math.floor(at / 50)}`, turned(at), -at / 4]);
    const folder = await folderOf({ 'all.csv': text([['subject', 'x', 'y'], ...lines]) });
    const dataset = await importFrom(folder, { signals: { windowLength: 8, samplingRate: 10 } });
    expect(dataset.channelNames).toEqual(['x', 'y']);
    expect(dataset.split.groups).toBe(4);
    // Six windows of each, none across two people.
    expect(dataset.sampleCount).toBe(24);
    expect(dataset.samples.sources).toContain('all.csv rows 51–58');
  });
});
