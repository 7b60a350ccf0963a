import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../../../src/contract/model/model.ts';
import type { Prediction } from '../../../../../src/contract/model/prediction.ts';
import { smoothingSchema } from '../../../../../src/contract/model/stretches.ts';
import {
  requireStretches,
  writeStretches,
} from '../../../../../src/training/models/output/stretches-file.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { modelNote } from '../../../../fixtures/models.ts';

const { model: pictures } = modelNote('aaaaaaaaaa-1');
/** Windows of two seconds. */
const model: Model = {
  ...pictures,
  modality: 'signal',
  preparation: { ...pictures.preparation, stored: { shape: [100, 2], dtype: 'float32' }, samplingRate: 50 },
};
const answers = (recording: string, ...shares: number[]): Prediction[] =>
  shares.map((share, at) => ({
    source: `${recording} rows ${at * 100 + 1}–${(at + 1) * 100}`,
    sample: null,
    startSeconds: at * 2,
    recording,
    values: [1 - share, share],
    percentile: null,
    nearest: [],
  }));
const outputTo = (to: string) => ({ to, overwrite: false, smoothing: smoothingSchema.parse({}) });

async function write(to: string, rows: readonly Prediction[]) {
  const file = await writeStretches(outputTo(to), model);
  try {
    for (const row of rows) await file.add(row);
    return await file.finish();
  } finally {
    await file.close();
  }
}

const two = [...answers('/a/one.csv', 0, 0, 1, 1), ...answers('/a/b/two.csv', 1)];

describe('stretches of recordings', () => {
  it('are one table of all', async () => {
    const to = join(await folderOf(), 'new', 's.csv');
    expect(await write(to, two)).toEqual({ files: [to], recordings: 2, stretches: 3 });
    expect(readFileSync(to, 'utf8').split('\r\n')).toEqual([
      'recording,start_seconds,end_seconds,label,probability',
      '/a/one.csv,0,4,left,1',
      '/a/one.csv,4,8,right,1',
      '/a/b/two.csv,0,2,right,1',
      '',
    ]);
  });

  it('are an EDF+ file each in a folder, below what their paths have in common', async () => {
    const to = join(await folderOf(), 'marks');
    const { files } = await write(to, two);
    expect(files).toEqual([join(to, 'one.csv.annotations.edf'), join(to, 'b', 'two.csv.annotations.edf')]);
    expect(readFileSync(files[0]!, 'latin1')).toContain('+4\x154\x14right\x14\0');
    expect(readdirSync(to)).toEqual(['b', 'one.csv.annotations.edf']);
    await expect(write(to, two)).rejects.toThrow('There is a file of this name already');
  });

  it('of one recording are one EDF+ file, and of several none', async () => {
    const folder = await folderOf();
    const file = join(folder, 'one.edf');
    await expect(write(file, two)).rejects.toThrow('holds the annotations of one recording');
    expect(readdirSync(folder)).toEqual([]);
    expect(await write(file, answers('/a/one.csv', 0, 1))).toMatchObject({ files: [file] });
    expect(existsSync(file)).toBe(true);
  });

  it('refuse windows that do not follow each other', async () => {
    const file = join(await folderOf(), 's.csv');
    const twice = [...answers('/a/one.csv', 0, 1), ...answers('/a/one.csv', 0)];
    await expect(write(file, twice)).rejects.toThrow('do not follow each other in time');
    expect(existsSync(file)).toBe(false);
  });

  it('are made by no model of numbers or of what has no time, and over no file', async () => {
    const folder = await folderOf();
    writeFileSync(join(folder, 's.csv'), '');
    const output = outputTo(join(folder, 't.csv'));
    expect(() => requireStretches(pictures, output)).toThrow('have no time');
    expect(() => requireStretches({ ...model, head: { kind: 'number' } }, output)).toThrow(
      'answers a number',
    );
    expect(() => requireStretches(model, outputTo(join(folder, 's.csv')))).toThrow('a file of this name');
    expect(() => requireStretches(model, outputTo(join(folder, 's.csv', 'x')))).toThrow('is a file');
    requireStretches(model, output);
  });
});
