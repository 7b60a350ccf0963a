import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../../src/contract/recipe/recipe.ts';
import { prepareField } from '../../../../../src/contract/data/recordings/preparation.ts';
import { groundInMemory } from '../../../../../src/data/signals/preparation/ground.ts';
import { stepsOf } from '../../../../../src/data/signals/preparation/steps.ts';
import { inspect } from '../../../../../src/data/index.ts';
import { expectedRecordings, recordingFile } from '../../../../fixtures/recordings/expected.ts';
import { failureOf, folderOf, importFrom } from '../../../../fixtures/imports.ts';
import { npy } from '../../../../fixtures/recordings/made-npy.ts';

/** A folder with recordings of the fixtures under these names. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await folderOf();
  for (const [path, name] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(recordingFile(name), join(folder, path));
  }
  return folder;
}

/** Rows of the first track of a fixture. */
const rowsOf = (name: string, channels: number, from: number, to: number): number[] =>
  expectedRecordings[name]!.tracks[0]!.values.slice(from * channels, to * channels).map(
    (value) => value ?? NaN,
  );

const almost = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 3) as number);

const everything = { split: { by: 'random', validation: 0, test: 0 } };

describe('events of a recording', () => {
  it('label windows that lie inside of them, and the rest is unlabeled', async () => {
    const found = await importFrom(recordingFile('rates.edf'), {
      ...everything,
      signals: { windowLength: 8 },
      options: { cut: 'inside' },
    });
    expect(found).toMatchObject({ format: 'edf', samplingRate: 64, shape: [8, 2], labeledCount: 10 });
    expect(found.channelNames).toEqual(['EEG Fp1-Ref', 'EEG Cz-Ref']);
    // 0.25 s to 0.75 s, and 2 s to 2.75 s; between them 2, 10 and 2 windows of 8 rows.
    expect(found.samples.labels!.filter((label) => label === 'T1')).toHaveLength(4);
    expect(found.samples.labels!.filter((label) => label === 'T2')).toHaveLength(6);
    expect(found.sampleCount).toBe(24);
    expect(found.labelOf('rates.edf rows 17–24')).toBe('T1');
    expect(found.labelOf('rates.edf rows 9–16')).toBeNull();
    expect(found.sample('rates.edf rows 129–136')).toEqual(almost(rowsOf('rates.edf', 2, 128, 136)));
  });

  it('give a window each, where only those that are named are classes', async () => {
    const found = await importFrom(recordingFile('rates.edf'), {
      ...everything,
      signals: { classNames: { T1: 'left', T2: 'right' } },
      options: { cut: 'around', eventFrom: -0.125, eventTo: 0.25, otherParts: 'dropped' },
    });
    expect(found.shape).toEqual([24, 2]);
    expect(found.samples.labels).toEqual(['left', 'right']);
    expect(found.samples.sources).toEqual(['rates.edf rows 9–32', 'rates.edf rows 121–144']);
  });

  it('are refused with the length of the recording where no window fits into any', async () => {
    const failure = await failureOf(importFrom(recordingFile('rates.edf'), everything));
    expect(failure.message).toContain(
      'No window of 128 rows fits into the recording of 192 rows, inside a labelled stretch. Choose a shorter one.',
    );
  });

  it('are named before where they are moments, in which no window lies', async () => {
    const { doubts } = await inspect(recordingFile('rates.edf'));
    expect(doubts.find(({ code }) => code === 'recordings.moments')).toMatchObject({
      message: expect.stringContaining('“Ünruhe” is a moment') as string,
      blocking: false,
    });
  });

  it('come from a marker channel, zero for nothing', async () => {
    const codes = Array.from({ length: 100 }, (_, row) => (row < 20 ? 0 : row < 50 ? 3 : row < 80 ? 5 : 0));
    const folder = await folderOf({
      'a.npy': npy(
        [100, 2],
        codes.flatMap((code, row) => [row, code]),
      ),
    });
    const found = await importFrom(folder, {
      ...everything,
      signals: { windowLength: 10, samplingRate: 50 },
      options: { marker: 'channel 2', otherParts: 'dropped' },
    });
    expect(found.shape).toEqual([10, 1]);
    expect(found.samples.labels).toEqual(['3', '3', '3', '5', '5', '5']);
    expect(found.sample('a.npy rows 51–60')).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
  });

  it('are asked about where folders give labels, too', async () => {
    const folder = await folderWith({ 'rest/a.edf': 'rates.edf', 'task/b.bdf': 'rates.bdf' });
    expect(await failureOf(importFrom(folder))).toMatchObject({ code: 'recordings.labels-unclear' });
    const found = await importFrom(folder, {
      options: { labelSource: 'files' },
      signals: { windowLength: 32 },
    });
    expect(found.classes.map(({ name }) => name)).toEqual(['rest', 'task']);
  });
});

describe('channels', () => {
  it('are taken in the order that is asked for, in any spelling, and under other names', async () => {
    const found = await importFrom(recordingFile('rates.edf'), {
      ...everything,
      signals: { windowLength: 8, channels: ['cz', 'Frontal=FP1'] },
      options: { labelSource: 'nothing' },
    });
    expect(found.channelNames).toEqual(['cz', 'Frontal']);
    const rows = rowsOf('rates.edf', 2, 0, 8);
    expect(found.sample('rates.edf rows 1–8')).toEqual(
      almost(rows.map((_, at) => rows[at % 2 === 0 ? at + 1 : at - 1]!)),
    );
  });
});

describe('rates', () => {
  it('inside of one file become one, and all its channels are taken', async () => {
    const found = await importFrom(recordingFile('rates.edf'), {
      ...everything,
      signals: { resampleTo: 32, windowLength: 96 },
      options: { labelSource: 'nothing' },
    });
    expect(found).toMatchObject({ samplingRate: 32, shape: [96, 3], sampleCount: 1 });
    expect(found.channelNames).toEqual(['EEG Fp1-Ref', 'EEG Cz-Ref', 'Resp']);
  });

  it('that differ between files are said before, and the fewer are left out', async () => {
    const folder = await folderWith({ 'a.wav': 'i16.wav', 'b.wav': 'f32.wav', 'c.wav': 'i24.wav' });
    const slow = await readFile(join(folder, 'c.wav'));
    slow.writeUInt32LE(4000, 24);
    await writeFile(join(folder, 'c.wav'), slow);
    const { doubts } = await inspect(folder);
    expect(doubts.map(({ code }) => code)).toContain('recordings.rates-differ');
    const found = await importFrom(folder, { signals: { windowLength: 50 } });
    expect(found.issues).toContainEqual(expect.objectContaining({ file: 'c.wav', reason: 'other-rate' }));
    const all = await importFrom(folder, { signals: { windowLength: 50, resampleTo: 4000 } });
    expect(all.sampleCount).toBe(1 + 1 + 3);
  });

  it('are asked for where they are needed, and never assumed', async () => {
    const file = recordingFile('fortran.npy');
    expect(await failureOf(importFrom(file, everything))).toMatchObject({ code: 'recordings.rate-unknown' });
    const found = await importFrom(file, { ...everything, signals: { withoutRate: true } });
    expect(found.samplingRate).toBeUndefined();
    expect(await failureOf(importFrom(file, { signals: { resampleTo: 50 } }))).toMatchObject({
      code: 'recordings.rate-unknown',
    });
  });
});

describe('stretches', () => {
  it('are not crossed by a window', async () => {
    const cut = (windowLength: number) =>
      importFrom(recordingFile('gap.edf'), {
        ...everything,
        signals: { windowLength },
        options: { labelSource: 'nothing' },
      });
    expect((await cut(64)).samples.sources).toEqual([
      'gap.edf rows 1–64',
      'gap.edf rows 65–128',
      'gap.edf rows 129–192',
    ]);
    expect((await cut(96)).samples.sources).toEqual(['gap.edf rows 1–96']);
  });

  it('that are trials are one sample each, with their labels and groups', async () => {
    const found = await importFrom(recordingFile('trials.npz'), {
      split: { by: 'random', validation: 0.3, test: 0.3 },
    });
    expect(found).toMatchObject({ format: 'numpy', shape: [40, 3], sampleCount: 6, samplingRate: 100 });
    expect(found.samples.labels).toEqual(['left', 'right', 'left', 'right', 'left', 'right']);
    expect(found.samples.groups).toEqual(['1', '1', '2', '2', '3', '3']);
    expect(found.sample('trials.npz trial 3 rows 1–40')).toEqual(almost(rowsOf('trials.npz', 3, 80, 120)));
  });

  it('of unequal lengths are filled up at their end', async () => {
    const folder = await folderWith({ 'vowels.ts': 'vowels.txt' });
    const found = await importFrom(folder, everything);
    const [first] = expectedRecordings['vowels.txt']!.lengths!;
    const longest = Math.max(...expectedRecordings['vowels.txt']!.lengths!);
    expect(found.shape).toEqual([longest, 12]);
    const values = found.sample(`vowels.ts trial 1 rows 1–${longest}`);
    expect(values.slice(0, first! * 12)).toEqual(almost(rowsOf('vowels.txt', 12, 0, first!)));
    expect(new Set(values.slice(first! * 12))).toEqual(new Set(first! < longest ? [0] : []));
  });
});

it('takes no window with a missing value, unless it is to be held', async () => {
  const folder = await folderWith({ 'f16.hea': 'f16.hea', 'f16.dat': 'f16.dat' });
  const found = await importFrom(folder, { ...everything, signals: { windowLength: 10 } });
  expect(found.samples.sources).not.toContain('f16.hea rows 11–20');
  expect(found.sampleCount).toBe(9);
  const held = await importFrom(folder, { ...everything, signals: { windowLength: 10, missing: 'hold' } });
  expect(held.sampleCount).toBe(10);
  const [before] = rowsOf('f16.hea', 2, 16, 17).slice(1);
  expect(held.sample('f16.hea rows 11–20')[2 * 7 + 1]).toBeCloseTo(before!, 3);
});

it('brings channels of another unit, order and spelling together', async () => {
  const folder = await folderWith({ 'a.edf': 'rates.edf' });
  const bytes = await readFile(join(folder, 'a.edf'));
  const rename = (from: string, to: string) =>
    bytes.write(to.padEnd(from.length), bytes.indexOf(from), 'latin1');
  rename('EEG Fp1-Ref', 'Cz.');
  rename('EEG Cz-Ref', 'FP1');
  bytes.write('mV      mV      ', bytes.indexOf('uV      uV      '), 'latin1');
  await writeFile(join(folder, 'b.edf'), bytes);
  const found = await importFrom(folder, {
    ...everything,
    signals: { windowLength: 192 },
    options: { labelSource: 'nothing' },
  });
  const [a, b] = [found.sample('a.edf rows 1–192'), found.sample('b.edf rows 1–192')];
  expect(b[0]).toBeCloseTo(1000 * a[1]!, 0);
  expect(b[1]).toBeCloseTo(1000 * a[0]!, 0);
});

it('leaves out damaged recordings, each with its reason, and copies', async () => {
  const folder = await folderWith({
    'a.edf': 'rates.edf',
    'copy.edf': 'rates.edf',
    'short.edf': 'rates.edf',
    'x.edf': 'three.vhdr',
  });
  const bytes = await readFile(join(folder, 'short.edf'));
  await writeFile(join(folder, 'short.edf'), bytes.subarray(0, 2000));
  const found = await importFrom(folder, { ...everything, signals: { windowLength: 16 } });
  expect(
    found.issues.filter(({ severity }) => severity === 'left-out').map(({ file, reason }) => [file, reason]),
  ).toEqual([
    ['copy.edf', 'duplicate'],
    ['short.edf', 'broken'],
    ['x.edf', 'wrong-magic'],
  ]);
});

it('asks what axes are where sizes do not tell it', async () => {
  const folder = await folderOf({
    'a.npy': npy(
      [40, 50],
      Array.from({ length: 2000 }, (_, at) => at),
    ),
  });
  expect((await inspect(folder)).doubts).toEqual([
    expect.objectContaining({ code: 'recordings.axes-unclear', blocking: true }),
  ]);
  const options = { axes: 'channel-time' };
  const signals = { samplingRate: 50, windowLength: 50 };
  const told = await inspect(folder, importSchema.parse({ path: folder, options, signals }));
  expect(told.doubts.filter(({ blocking }) => blocking)).toEqual([]);
  const found = await importFrom(folder, { ...everything, options, signals });
  expect(found.shape).toEqual([50, 40]);
  expect(found.sample('a.npy rows 1–50').slice(0, 2)).toEqual([0, 50]);
});

describe('preparation', () => {
  const prepared = (prepare: object, more: object = {}) =>
    importFrom(recordingFile('rates.edf'), {
      ...everything,
      signals: { windowLength: 192, ...more },
      options: { labelSource: 'nothing', prepare },
    });

  it('is the same as that of the steps one by one, in their order, and on every import', async () => {
    const steps = [
      { step: 'clip', at: 150 },
      { step: 'band-pass', from: 1, to: 20 },
      { step: 'reference', to: 'EEG Fp1-Ref-EEG Cz-Ref' },
      { step: 'high-pass', at: 3, off: true },
      { step: 'scale', by: 'z-score' },
    ];
    const [one, other] = [await prepared({ steps }), await prepared({ steps })];
    expect(one.bytes_).toEqual(other.bytes_);
    const ground = groundInMemory([Float32Array.from(rowsOf('rates.edf', 2, 0, 192))], 2);
    const names = ['EEG Fp1-Ref', 'EEG Cz-Ref'];
    for (const step of stepsOf(prepareField.parse({ steps }), { rate: 64, names })) await step.apply(ground);
    expect(one.shape).toEqual([192, 1]);
    expect(one.sample('rates.edf rows 1–192')).toEqual(
      [...ground.values[0]!].map((value) => expect.closeTo(value, 4) as number),
    );
  });

  it('means what it did where an earlier version wrote it, field by field', async () => {
    const earlier = await prepared({ highPass: 1, lowPass: 20, detrend: 'line', scale: 'z-score', limit: 3 });
    const now = await prepared({
      steps: [
        { step: 'detrend', by: 'line' },
        { step: 'band-pass', from: 1, to: 20 },
        { step: 'scale', by: 'z-score' },
        { step: 'clip', at: 3 },
      ],
    });
    expect(earlier.bytes_).toEqual(now.bytes_);
  });

  it('follows a preset by the rate of the recordings, and says why', async () => {
    const { notes } = await inspect(
      recordingFile('rates.edf'),
      importSchema.parse({ path: '.', options: { prepare: { preset: 'eeg', mains: '50' } } }),
    );
    expect(notes.join(' ')).toContain('Prepared: above 0.5 Hz');
    expect(notes.join(' ')).toContain('Above 0.5 Hz (Butterworth of order 4, both ways): Sweat');
    expect(notes.join(' ')).not.toContain('below 40 Hz');
    expect(await failureOf(prepared({ preset: 'eeg', steps: [{ step: 'detrend' }] }))).toMatchObject({
      code: 'recordings.preset',
    });
  });

  it('measures channels against their average, or each against another', async () => {
    const plain = await prepared({});
    const average = await prepared({ reference: 'average', names: '10-20' });
    expect(average.channelNames).toEqual(['Fp1', 'Cz']);
    const [a, b] = plain.sample('rates.edf rows 1–192');
    expect(average.sample('rates.edf rows 1–192').slice(0, 2)).toEqual(
      almost([(a! - b!) / 2, (b! - a!) / 2]),
    );
    const pair = await prepared({ reference: 'Fp1-Cz', names: '10-20' });
    expect(pair).toMatchObject({ channelNames: ['Fp1-Cz'], shape: [192, 1] });
    expect(pair.sample('rates.edf rows 1–192')[0]).toBeCloseTo(a! - b!, 3);
    const against = await prepared({ reference: 'cz' });
    expect(against.channelNames).toEqual(['EEG Fp1-Ref']);
  });

  it('is refused before anything is read where it cannot be', async () => {
    expect(await failureOf(prepared({ lowPass: 40 }))).toMatchObject({ code: 'recordings.filter' });
    expect(await failureOf(prepared({ reference: 'Oz' }))).toMatchObject({ code: 'recordings.reference' });
    const file = recordingFile('fortran.npy');
    expect(
      await failureOf(
        importFrom(file, { signals: { withoutRate: true }, options: { prepare: { notch: 50 } } }),
      ),
    ).toMatchObject({
      code: 'recordings.filter',
      remedy: expect.stringContaining('sampling rate') as string,
    });
  });

  it('leaves what trials are filled up with as it is', async () => {
    const folder = await folderWith({ 'vowels.ts': 'vowels.txt' });
    const found = await importFrom(folder, {
      ...everything,
      options: { prepare: { scale: 'factor', factor: 2 } },
    });
    const [first] = expectedRecordings['vowels.txt']!.lengths!;
    const values = found.sample(found.samples.sources[0]!);
    expect(values[0]).toBeCloseTo(2 * rowsOf('vowels.txt', 12, 0, 1)[0]!, 4);
    expect(values.slice(first! * 12).every((value) => value === 0)).toBe(true);
  });
});
