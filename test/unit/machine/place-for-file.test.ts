import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { requirePlaceFor } from '../../../src/machine/place-for-file.ts';
import { writeWhole } from '../../../src/machine/whole-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-place-'));
  mkdirSync(join(folder, 'answers.csv'));
  writeFileSync(join(folder, 'file'), 'mine');
});
afterEach(() => rmSync(folder, { recursive: true }));

const code = (name: string, overwrite: boolean) => {
  try {
    requirePlaceFor(join(folder, name), overwrite);
    return null;
  } catch (error) {
    return (error as { failure: { code: string } }).failure.code;
  }
};

it('tells what stands in the way of a file', () => {
  expect(code('new', false)).toBeNull();
  expect(code('no/such/folder/new', false)).toBeNull();
  expect(code('file', false)).toBe('file.exists');
  expect(code('file', true)).toBeNull();
  expect(code('answers.csv', true)).toBe('file.is-folder');
  expect(code('file/x.csv', true)).toBe('file.inside-file');
  expect(code('file/a/b/x.csv', false)).toBe('file.inside-file');
});

it('writes nothing where something stands in the way, and makes the folders that are missing', async () => {
  for (const name of ['answers.csv', 'file/x.csv'])
    await expect(writeWhole(join(folder, name), ['new'], true)).rejects.toMatchObject({
      failure: { place: join(folder, name) },
    });
  expect(readdirSync(folder).sort()).toEqual(['answers.csv', 'file']);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
  await writeWhole(join(folder, 'a/b/new'), ['n', 'ew'], false);
  expect(readFileSync(join(folder, 'a/b/new'), 'utf8')).toBe('new');
});
