import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { recordedReader } from '../../../../src/data/readers/recorded-reader.ts';
import { edf } from '../../../../src/data/readers/edf.ts';
import { matlab } from '../../../../src/data/readers/matlab.ts';
import { numpy } from '../../../../src/data/readers/numpy.ts';
import { wfdb } from '../../../../src/data/readers/wfdb.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import type { Reader } from '../../../../src/data/reading/types.ts';
import { recordedSchema } from '../../../../src/data/signals/recorded/options.ts';
import { folderOf, importFrom } from '../../../fixtures/imports.ts';
import { npy } from '../../../fixtures/recordings/made-npy.ts';
import { doubles, mat, text } from '../../../fixtures/recordings/made-mat.ts';
import { recordingFile } from '../../../fixtures/recordings/expected.ts';

async function folderWith(names: readonly string[], more: Record<string, Uint8Array | string> = {}) {
  const folder = await folderOf(more);
  for (const name of names) await copyFile(recordingFile(name), join(folder, name));
  return folder;
}
const sureOf = async (reader: Reader, folder: string, file = '') =>
  reader.recognise(await listFiles(join(folder, file)));

describe('what is recognised', () => {
  it('is told by name and first bytes', async () => {
    const folder = await folderWith(['rates.edf'], { 'b.edf': 'no recording', 'notes.txt': 'x' });
    expect(await sureOf(edf, folder)).toBe(1);
    expect(await sureOf(edf, folder, 'b.edf')).toBe(0);
    expect(await sureOf(edf, await folderOf({ 'a.txt': 'x' }))).toBe(0);
  });

  it('is one file by its bytes alone, where these are unmistakable', async () => {
    const folder = await folderOf({ 'study.data': mat(doubles('X', [1, 1], [1])) });
    await copyFile(recordingFile('rates.edf'), join(folder, 'night.data'));
    expect(await sureOf(edf, folder, 'night.data')).toBe(1);
    expect(await sureOf(edf, folder)).toBe(0);
    expect(await sureOf(matlab, folder, 'study.data')).toBe(0);
  });

  it('is as sure as the format says', async () => {
    const unsure = recordedReader({
      id: 'edf',
      summary: 'EDF.',
      extensions: ['edf'],
      options: recordedSchema,
      certainty: 0.6,
    });
    expect(await sureOf(unsure, await folderWith(['rates.edf']))).toBe(0.6);
  });

  it('are no arrays that lie beside another', async () => {
    const series = npy(
      [40],
      Array.from({ length: 40 }, (_, at) => at),
    );
    expect(await sureOf(numpy, await folderOf({ 'y.npy': series }))).toBe(0);
    expect(await sureOf(numpy, await folderOf({ 'X.npy': series, 'y.npy': series }))).toBeGreaterThan(0);
  });
});

const options = { signals: { windowLength: 32 }, split: { by: 'random', validation: 0, test: 0 } };

describe('what is read', () => {
  it('are files of its names; others are left out, but for those that go with them', async () => {
    const folder = await folderWith(['rates.edf'], { 'a.jpg': 'x', 'readme.md': 'x', 'table.csv': 'x' });
    const { issues } = await importFrom(folder, {
      format: 'edf',
      ...options,
      options: { labelSource: 'nothing', otherParts: 'dropped' },
    });
    expect(issues.filter(({ reason }) => reason === 'other-format')).toEqual([
      {
        file: 'a.jpg',
        reason: 'other-format',
        severity: 'left-out',
        message: `The name is none of ${edf.title}.`,
      },
    ]);
  });

  it('are no parts of another record', async () => {
    const folder = await folderWith([
      'fixed.hea',
      'fixed_1.hea',
      'fixed_1.dat',
      'fixed_2.hea',
      'fixed_2.dat',
    ]);
    const found = await wfdb.inspect(
      await listFiles(folder),
      importSchema.parse({ path: folder }),
      wfdb.options.parse({}),
    );
    expect(found.notes.join(' ')).toContain('1 recording');
  });

  it('belongs to whom the files name, where there are enough of them', async () => {
    const recordingOf = (subject: string, seed: number) =>
      mat(
        text('subject', subject),
        doubles('fs', [1, 1], [32]),
        doubles(
          'X',
          [2, 64],
          Array.from({ length: 128 }, (_, at) => Math.sin(at * seed)),
        ),
      );
    const files = (subjects: string[]) =>
      Object.fromEntries(subjects.map((subject, at) => [`r${at}.mat`, recordingOf(subject, at + 1.3)]));
    const groupsOf = async (subjects: string[]) => {
      const dataset = await importFrom(await folderOf(files(subjects)), {
        format: 'matlab',
        signals: { windowLength: 32 },
        options: { labelSource: 'nothing' },
      });
      return new Set(dataset.samples.groups);
    };
    expect(await groupsOf(['S1', 'S1', 'S2', 'S3', 'S4', 'S5'])).toEqual(
      new Set(['S1', 'S2', 'S3', 'S4', 'S5']),
    );
    // Of one person alone recordings are parted by themselves.
    expect((await groupsOf(['S1', 'S1', 'S1', 'S1', 'S1'])).has('S1')).toBe(false);
  });
});
