import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFolder } from '../../../src/machine/whole-folder.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'pretext-export-'))));
afterEach(() => rmSync(root, { recursive: true }));

const files = [
  { path: 'a.txt', contents: 'grün' },
  { path: 'b.bin', contents: Uint8Array.of(1, 2, 3) },
];

it('makes the folder with all files in it, and says how large they are', async () => {
  const folder = join(root, 'new', 'model');
  expect(await writeFolder(folder, files)).toEqual({
    folder,
    files: [
      { path: 'a.txt', bytes: 5 },
      { path: 'b.bin', bytes: 3 },
    ],
  });
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('grün');
  expect(readdirSync(join(root, 'new'))).toEqual(['model']);
});

it('takes an empty folder that is there', async () => {
  await writeFolder(root, files);
  expect(readdirSync(root).sort()).toEqual(['a.txt', 'b.bin']);
});

it('writes over nothing unless that was said, and then leaves other files alone', async () => {
  writeFileSync(join(root, 'a.txt'), 'mine');
  writeFileSync(join(root, 'c.txt'), 'mine too');
  await expect(writeFolder(root, files)).rejects.toMatchObject({ failure: { code: 'export.exists' } });
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('mine');
  expect(existsSync(join(root, 'b.bin'))).toBe(false);

  await writeFolder(root, files, true);
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('grün');
  expect(readFileSync(join(root, 'c.txt'), 'utf8')).toBe('mine too');
});

it('leaves nothing behind where it could not write', async () => {
  const broken = [...files, { path: 'no/such/folder.txt', contents: '' }];
  await expect(writeFolder(join(root, 'model'), broken)).rejects.toThrow();
  expect(readdirSync(root)).toEqual([]);
  const file = join(root, 'file');
  writeFileSync(file, '');
  await expect(writeFolder(file, files)).rejects.toMatchObject({ failure: { code: 'export.exists' } });
  mkdirSync(join(root, 'kept'));
});
