import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openRecordingFile } from '../../../../src/data/recordings/formats.ts';
import { FileProblem } from '../../../../src/data/problem.ts';
import { recordingFile } from '../../../fixtures/recordings/expected.ts';
import { folderOf } from '../../../fixtures/imports.ts';

const bytesOf = (name: string) => readFile(recordingFile(name));

async function problemOf(name: string, bytes: Uint8Array): Promise<FileProblem> {
  const folder = await folderOf({ [name]: bytes });
  return problemAt(join(folder, name));
}

async function problemAt(path: string): Promise<FileProblem> {
  const thrown: unknown = await openRecordingFile(path).then(
    (recording) => recording.close().then(() => new Error('It was read.')),
    (error: unknown) => error,
  );
  if (thrown instanceof FileProblem) return thrown;
  throw thrown;
}

/** A recording with a field of its header written over. */
async function edfWith(at: number, text: string): Promise<Buffer> {
  const bytes = await bytesOf('rates.edf');
  bytes.write(text, at, 'latin1');
  return bytes;
}

it('says where an EDF is cut off', async () => {
  const bytes = await bytesOf('rates.edf');
  expect(await problemOf('a.edf', bytes.subarray(0, 100))).toMatchObject({
    reason: 'broken',
    message: expect.stringContaining('in its header') as string,
  });
  expect(await problemOf('a.edf', bytes.subarray(0, 700))).toMatchObject({ reason: 'broken' });
  expect((await problemOf('a.edf', bytes.subarray(0, -1))).message).toContain(
    'its header counts 3 records, 2 are there',
  );
});

it.each([
  [252, '0   ', '0 signals'],
  [252, '9   ', 'with 9 signals it has 2560'],
  [252, '-3  ', '-3 signals'],
  [236, '0       ', '0 records'],
  [236, '99999999', '99999999 records'],
  [244, 'a second', 'length of a record'],
])('refuses a header of EDF that says at %i “%s”', async (at, text, said) => {
  const problem = await problemOf('a.edf', await edfWith(at, text));
  expect(problem.reason).toBe('broken');
  expect(problem.message).toContain(said);
});

it('takes what is there where a recorder left the number of records open', async () => {
  const folder = await folderOf({ 'a.edf': await edfWith(236, '-1      ') });
  const recording = await openRecordingFile(join(folder, 'a.edf'));
  expect(recording.tracks[0]!.length).toBe(192);
  expect(recording.notes).toEqual(['The header leaves the number of records open; 3 are there.']);
  await recording.close();
});

it('unpacks no bomb', async () => {
  // A variable of two gigabytes of zeros, of which the first megabyte is packed.
  const head = await bytesOf('packed.mat');
  const inner = Buffer.alloc(1024 * 1024);
  inner.writeUInt32LE(14, 0);
  inner.writeUInt32LE(2 ** 31 - 8, 4);
  Buffer.from([6, 0, 0, 0, 8, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]).copy(inner, 8);
  inner.writeUInt32LE(5, 24);
  inner.writeUInt32LE(8, 28);
  inner.writeInt32LE(2 ** 14, 32);
  inner.writeInt32LE(2 ** 14, 36);
  inner.writeUInt32LE((1 << 16) | 1, 40);
  inner.write('x', 44);
  inner.writeUInt32LE(9, 48);
  inner.writeUInt32LE(2 ** 31 - 56, 52);
  const packed = deflateSync(inner);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(packed.length, 4);
  const problem = await problemOf('a.mat', Buffer.concat([head.subarray(0, 128), tag, packed]));
  expect(problem.reason).toBe('bomb');
});

it('holds sizes against what is there before memory is taken', async () => {
  const npy = await bytesOf('fortran.npy');
  npy.write('(99999999999, 4), }', npy.indexOf('(300, 4), }'), 'latin1');
  expect((await problemOf('a.npy', npy)).reason).toBe('broken');
  const wav = await bytesOf('i16.wav');
  wav.writeUInt32LE(0x7fffffff, 40);
  expect((await problemOf('a.wav', wav)).message).toContain('2147483647 bytes of samples are announced');
});

it.each(['three.vhdr', 'f212.hea'])('names what is missing beside %s', async (name) => {
  const folder = await folderOf();
  await copyFile(recordingFile(name), join(folder, name));
  const problem = await problemAt(join(folder, name));
  expect(problem.reason).toBe('missing');
});

it('leaves annotations outside of the recording, and says so', async () => {
  const folder = await folderOf();
  for (const end of ['hea', 'dat', 'atr'])
    await copyFile(recordingFile(`f212.${end}`), join(folder, `f212.${end}`));
  const header = await readFile(join(folder, 'f212.hea'), 'utf8');
  await writeFile(join(folder, 'f212.hea'), header.replace('f212 2 360 101', 'f212 2 360 50'));
  const recording = await openRecordingFile(join(folder, 'f212.hea'));
  expect(recording.events.map(({ name }) => name)).toEqual(['N', 'V']);
  expect(recording.notes).toEqual(['1 annotations lie outside of the recording and are not used.']);
  await recording.close();
});

it.each(['a.edf', 'a.mat', 'a.npy', 'a.wav', 'a.ts', 'a.parquet', 'a.set', 'a.hea', 'a.vhdr'])(
  'takes no text for %s',
  async (name) => {
    const problem = await problemOf(name, Buffer.from('Dear diary,\nnothing happened today.\n'.repeat(40)));
    expect(['wrong-magic', 'broken']).toContain(problem.reason);
  },
);
