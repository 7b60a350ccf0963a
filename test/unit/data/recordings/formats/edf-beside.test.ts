import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRecordingFile } from '../../../../../src/data/recordings/formats.ts';
import { recordingFile } from '../../../../fixtures/recordings/expected.ts';
import { failureOf, folderOf, importFrom } from '../../../../fixtures/imports.ts';

/** An EDF+ with nothing but annotations, begun at this time of 4 March 2021. */
function annotationsOnly(time: string, texts: string): Buffer {
  const fields: [string, number][] = [
    ['0', 8],
    ['X X X X', 80],
    ['Startdate 04-MAR-2021 X X X', 80],
    ['04.03.21', 8],
    [time, 8],
    ['512', 8],
    ['EDF+C', 44],
    ['1', 8],
    ['0', 8],
    ['1', 4],
    ['EDF Annotations', 16],
    ['', 80],
    ['', 8],
    ['-1', 8],
    ['1', 8],
    ['-32768', 8],
    ['32767', 8],
    ['', 80],
    ['60', 8],
    ['', 32],
  ];
  const header = fields.map(([text, width]) => text.padEnd(width)).join('');
  const record = Buffer.alloc(120);
  record.write(`+0\x14\x14\0${texts}`, 'utf8');
  return Buffer.concat([Buffer.from(header, 'latin1'), record]);
}

/** The recording without events of its own: its annotation signal is called otherwise. */
async function night(): Promise<string> {
  const folder = await folderOf();
  await copyFile(recordingFile('rates.edf'), join(folder, 'SC4001E0-PSG.edf'));
  // One second before the recording begins.
  const texts = '+1\x150.5\x14W\x14\0+1.5\x151.5\x14N2\x14\0';
  await writeFile(join(folder, 'SC4001EC-Hypnogram.edf'), annotationsOnly('05.06.06', texts));
  return folder;
}

it('takes the events of a recording from the file of annotations beside it, where it has none', async () => {
  const folder = await night();
  const own = await openRecordingFile(join(folder, 'SC4001E0-PSG.edf'));
  expect(own.events.map(({ name }) => name)).toEqual(['T1', 'Ünruhe', 'T2']);
  await own.close();
  const bytes = await readFile(recordingFile('rates.edf'));
  // EDF, not EDF+: its annotations are one more signal.
  bytes.write('     ', 192, 'latin1');
  await writeFile(join(folder, 'SC4001E0-PSG.edf'), bytes);
  const plain = await openRecordingFile(join(folder, 'SC4001E0-PSG.edf'));
  expect(plain.events).toEqual([
    { seconds: 0, duration: 0.5, name: 'W' },
    { seconds: 0.5, duration: 1.5, name: 'N2' },
  ]);
  expect(plain.notes).toEqual(['Its events come from “SC4001EC-Hypnogram.edf” beside it.']);
  await plain.close();
  const found = await importFrom(folder, {
    format: 'edf',
    signals: { windowLength: 32, channels: ['EEG Fp1-Ref'] },
    split: { by: 'random', validation: 0, test: 0 },
    options: { otherParts: 'dropped' },
  });
  expect(found.samples.labels).toEqual(['W', 'N2', 'N2', 'N2']);
  expect(found.issues).toContainEqual(
    expect.objectContaining({ file: 'SC4001EC-Hypnogram.edf', reason: 'annotations-only' }),
  );
});

it('has nothing to import where there are annotations alone', async () => {
  const folder = await folderOf({ 'a-Hypnogram.edf': annotationsOnly('05.06.06', '+1\x14W\x14\0') });
  expect(await failureOf(importFrom(folder, { format: 'edf' }))).toMatchObject({ code: 'dataset.empty' });
});
