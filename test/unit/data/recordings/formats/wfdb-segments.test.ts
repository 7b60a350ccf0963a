import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  openWfdbSegments,
  segmentHeaders,
} from '../../../../../src/data/recordings/formats/wfdb-segments.ts';
import { folderOf, importFrom } from '../../../../fixtures/imports.ts';
import { recordingFile } from '../../../../fixtures/recordings/expected.ts';

async function folderWith(...names: string[]): Promise<string> {
  const folder = await folderOf();
  for (const name of names) await copyFile(recordingFile(name), join(folder, name));
  return folder;
}
const FIXED = ['fixed.hea', 'fixed_1.hea', 'fixed_1.dat', 'fixed_2.hea', 'fixed_2.dat'];

describe('a record of several segments', () => {
  it('is one recording: its segments are none of their own', async () => {
    const folder = await folderWith(...FIXED);
    expect(await segmentHeaders(join(folder, 'fixed.hea'))).toEqual([
      join(folder, 'fixed_1.hea'),
      join(folder, 'fixed_2.hea'),
    ]);
    expect(await segmentHeaders(join(folder, 'fixed_1.hea'))).toEqual([]);
    const found = await importFrom(folder, {
      split: { by: 'random', validation: 0, test: 0 },
      signals: { windowLength: 35 },
      options: { labelSource: 'nothing' },
    });
    expect(found.samples.sources).toEqual(['fixed.hea rows 1–35', 'fixed.hea rows 36–70']);
  });

  it('is left out with its reason where a segment is missing, too short, or of another rate', async () => {
    const open = async (folder: string, text: string) =>
      openWfdbSegments(join(folder, 'fixed.hea'), text).then(
        () => 'It was opened.',
        (error: Error) => error.message,
      );
    const folder = await folderWith(...FIXED);
    const header = (lines: string) => `fixed/2 2 250 70\n${lines}\n`;
    expect(await open(folder, header('fixed_1 40\nother 30'))).toContain('there is no “other.hea” beside it');
    expect(await open(folder, header('fixed_1 41\nfixed_2 29'))).toContain(
      '“fixed_1.hea” has 40 frames, 41 are said',
    );
    expect(await open(folder, header('fixed_1 40'))).toContain('counts 2 segments and names 1');
    expect(await open(folder, header('~ 40\n~ 30'))).toContain('holds no segments');
    expect(await open(folder, 'fixed/1 2 125 40\nfixed_1 40\n')).toContain('another rate');
    await writeFile(join(folder, 'fixed_1.hea'), 'fixed_1/1 2 250 40\nfixed_2 40\n');
    expect(await open(folder, header('fixed_1 40\nfixed_2 30'))).toContain('segments itself');
  });
});
