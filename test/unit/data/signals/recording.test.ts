import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';
import { noise, table } from '../delimited/heads.ts';

const told = (signals: object = {}, more: object = {}) => ({
  format: 'delimited-signals',
  split: { by: 'random', validation: 0, test: 0 },
  signals: { windowLength: 20, ...signals },
  ...more,
});
const rows = (count: number, seed = 0, hz = 50, header = 'time,x,y') =>
  table(header, count, (at) => [(at / hz).toFixed(3), noise(at + seed), noise(at + seed + 500)]);
const read = async (files: Record<string, string | Uint8Array>, signals: object = {}, more: object = {}) =>
  importFrom(await folderOf(files), told(signals, more));
const said = ({ issues }: Awaited<ReturnType<typeof read>>, file: string) =>
  issues.filter((one) => one.file === file).map(({ reason, message }) => [reason, message]);

describe('a recording in text', () => {
  it('is stored as it stands, row by row', async () => {
    const dataset = await read({ 'a.csv': rows(60) });
    expect(dataset).toMatchObject({
      shape: [20, 2],
      samplingRate: 50,
      channelNames: ['x', 'y'],
      sampleCount: 3,
    });
    const expected = Array.from({ length: 20 }, (_, at) => [noise(at + 20), noise(at + 520)])
      .flat()
      .map((one) => Math.fround(Number(one)));
    expect(dataset.sample('a.csv rows 21–40')).toEqual(expected);
  });

  it('may be packed, and have its columns in another order', async () => {
    const turned = table('y,time,x', 60, (at) => [noise(at + 777), (at / 50).toFixed(3), noise(at + 888)]);
    const dataset = await read({ 'a.csv': rows(60), 'b.csv': rows(60, 3), 'c.csv.gz': gzipSync(turned) });
    expect(dataset.sample('c.csv.gz rows 1–20').slice(0, 2)).toEqual(
      [noise(888), noise(777)].map((one) => Math.fround(Number(one))),
    );
    expect(said(dataset, 'c.csv.gz')).toEqual([
      ['other-order', 'Its columns stand in another order than in most files; they are found by name.'],
    ]);
  });

  it('is brought to another rate where that is asked for', async () => {
    const dataset = await read({ 'a.csv': rows(60) }, { resampleTo: 100 });
    expect(dataset).toMatchObject({ samplingRate: 100, sampleCount: 6 });
  });
});

describe('a recording that is left out', () => {
  it('has other columns, is broken, empty or a copy', async () => {
    const dataset = await read({
      'a.csv': rows(60),
      'b.csv': rows(60, 9),
      'c.csv': rows(60, 11),
      'copy.csv': rows(60),
      'other.csv': rows(60, 7, 50, 'time,x,z'),
      'cut.csv.gz': gzipSync(rows(3000, 8)).subarray(0, 9000),
      'none.csv': 'time,x,y\n',
    });
    expect(dataset.sampleCount).toBe(9);
    expect(said(dataset, 'copy.csv')).toEqual([['duplicate', 'The same recording as a.csv, which is kept.']]);
    expect(said(dataset, 'other.csv')[0]![1]).toContain(
      'There is no column “y”, which most recordings have.',
    );
    expect(said(dataset, 'cut.csv.gz').at(-1)).toEqual([
      'broken',
      'The gzip data is damaged or cut off. Copy the file again from its source.',
    ]);
    expect(dataset.issues.some(({ file }) => file === 'none.csv')).toBe(true);
    expect(dataset.bytes).toBe(9 * 20 * 2 * 4);
  });

  it('has another rate than most, which was seen only when it was read', async () => {
    const files = Array.from({ length: 40 }, (_, at): [string, string] => [
      `${String(at).padStart(2, '0')}.csv`,
      rows(60, 40 * at, at === 1 ? 200 : 50),
    ]);
    const dataset = await read(Object.fromEntries(files));
    expect(said(dataset, '01.csv')).toEqual([
      [
        'other-rate',
        'The file holds 200 Hz, most recordings 50 Hz. Import it as a dataset of its own, or resample all to one rate.',
      ],
    ]);
    expect(dataset.sampleCount).toBe(39 * 3);
  });

  it('one and all leaves nothing to import', async () => {
    expect(await failureOf(read({ 'none.csv': 'time,x,y\n' }))).toMatchObject({ code: 'dataset.empty' });
  });
});

it('needs a rate to be brought to another one', async () => {
  const bare = table('x,y', 60, (at) => [noise(at), noise(at + 9)]);
  const failure = await failureOf(read({ 'a.csv': bare }, { resampleTo: 100 }));
  expect(failure.message).toBe('Nothing in the files says how many samples a second they hold.');
});
