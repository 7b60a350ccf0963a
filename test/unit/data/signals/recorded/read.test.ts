import { describe, expect, it, onTestFinished } from 'vitest';
import { join } from 'node:path';
import { createIssueList } from '../../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../../src/data/reading/listing.ts';
import type { ReadRequest } from '../../../../../src/data/reading/types.ts';
import { FileProblem } from '../../../../../src/data/problem.ts';
import type { Recording } from '../../../../../src/data/recordings/recording.ts';
import { ShardWriter } from '../../../../../src/data/shards/writer.ts';
import { planRecordings } from '../../../../../src/data/signals/recorded/plan.ts';
import { readRecordings } from '../../../../../src/data/signals/recorded/read.ts';
import type { PretextError } from '../../../../../src/contract/errors.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { optionsOf, ownOf, recordingOf } from './made.ts';

async function read(
  make: Record<string, () => Recording | FileProblem>,
  options: object = {},
  own: object = {},
) {
  const folder = await folderOf(Object.fromEntries(Object.keys(make).map((path) => [path, 'x'])));
  const listing = await listFiles(folder);
  const writer = await ShardWriter.create(join(await folderOf(), 'a.shard'));
  onTestFinished(() => writer.discard());
  const issues = createIssueList();
  const open = (path: string) => {
    const found = make[path.slice(folder.length + 1).replaceAll('\\', '/')]!();
    return found instanceof FileProblem ? Promise.reject(found) : Promise.resolve(found);
  };
  const [shared, mine] = [optionsOf(options), ownOf(own)];
  const files = await planRecordings(listing, listing.files, open, shared, mine, issues);
  const request = {
    listing,
    options: shared,
    own: mine,
    writer,
    issues,
    progress: { phase: () => undefined, advance: () => undefined },
    signal: new AbortController().signal,
  } as unknown as ReadRequest;
  const said = () => issues.all.map(({ file, reason, message }) => [file, reason, message]);
  const result = await readRecordings(request, mine, open, files).catch(
    (error: unknown) => error as PretextError,
  );
  return { result, said: said(), position: writer.position };
}
const done = async (...args: Parameters<typeof read>) => {
  const found = await read(...args);
  if (found.result instanceof Error) throw found.result;
  return { ...found, result: found.result };
};
/** Values that no other recording has. */
const own =
  (seed: number, more: Parameters<typeof recordingOf>[0] = [{}]) =>
  () =>
    recordingOf(
      (more ?? [{}]).map((track) => ({
        value: (row, channel) => Math.sin(seed * (row + 1) + channel),
        ...track,
      })),
    );

describe('windows', () => {
  it('follow each other, each a sample with its place', async () => {
    const { result, position } = await done(
      { a: own(1), b: own(2, [{ length: 250 }]) },
      { signals: { windowLength: 100 } },
    );
    expect(result).toMatchObject({
      modality: 'signal',
      shape: [100, 2],
      dtype: 'float32',
      recordings: true,
      samplingRate: 100,
      channelNames: ['C3', 'C4'],
    });
    expect(Array.from({ length: result.table.count }, (_, at) => result.table.source(at))).toEqual([
      'a rows 1–100',
      'a rows 101–200',
      'a rows 201–300',
      'a rows 301–400',
      'b rows 1–100',
      'b rows 101–200',
    ]);
    expect(result.table.offsets[4]).toBe(400 * 2 * 4);
    expect(position).toBe(650 * 2 * 4);
    expect(result.places).toHaveLength(2);
  });

  it('of trials are as long as the longest', async () => {
    const stretches = [
      { start: 0, end: 30, seconds: 0, label: 'a' },
      { start: 30, end: 80, seconds: 1, label: 'b' },
    ];
    const { result } = await done({ a: own(1, [{ length: 80, stretches }]) });
    expect([result.shape, result.table.labelNames, result.table.count]).toEqual([[50, 2], ['a', 'b'], 2]);
  });

  it('of trials that are too long are refused', async () => {
    const stretches = [{ start: 0, end: 70_000, seconds: 0, label: 'a' }];
    const { result } = await read({ a: own(1, [{ length: 70_000, names: ['x'], stretches }]) });
    expect((result as PretextError).failure).toMatchObject({
      code: 'recordings.long-trials',
      message: 'The longest trial has 70000 rows; a sample has at most 65536.',
    });
  });
});

describe('recordings that are left out', () => {
  it('are listed with their reason, and nothing of them stays', async () => {
    const { result, said, position } = await done(
      {
        a: own(1),
        copy: own(1),
        short: own(3, [{ length: 20 }]),
        other: own(4, [{ rate: 250 }]),
        broken: () => new FileProblem('broken', 'It is cut off.'),
      },
      { signals: { windowLength: 100 } },
    );
    expect(result.table.files.map(({ path }) => path)).toEqual(['a']);
    expect(position).toBe(400 * 2 * 4);
    const about = (file: string) =>
      said.filter(([of]) => of === file).map(([, reason, message]) => [reason, message]);
    expect(about('short')).toEqual([
      ['no-window', 'No window of 100 rows fits into the recording of 20 rows. Choose a shorter one.'],
    ]);
    expect(about('broken')).toEqual([['broken', 'It is cut off.']]);
    expect(about('other')[0]![0]).toBe('other-rate');
    expect(about('copy')[0]![0]).toBe('duplicate');
  });

  it('one and all are an import of nothing', async () => {
    const { result } = await read({ broken: () => new FileProblem('broken', 'It is cut off.') });
    expect((result as PretextError).failure).toMatchObject({
      code: 'dataset.empty',
      message: expect.stringContaining('None of the recordings could be imported') as string,
    });
  });
});

it('does not guess what has to be told', async () => {
  const { result } = await read({ a: own(1, [{ rate: null }]) });
  expect((result as PretextError).failure).toMatchObject({
    code: 'recordings.rate-unknown',
    remedy: expect.stringContaining('Give the sampling rate') as string,
  });
});

it('notes what is odd in a recording, and closes it', async () => {
  const recordings: ReturnType<typeof recordingOf>[] = [];
  const make = () => {
    const recording = recordingOf([{}], { notes: ['Its clock is odd.'] });
    recordings.push(recording);
    return recording;
  };
  const { said } = await done({ a: make }, { signals: { windowLength: 100 } });
  expect(said).toContainEqual(['a', 'recording', 'Its clock is odd.']);
  expect(recordings.map(({ closed }) => closed)).toEqual(recordings.map(() => 1));
});
