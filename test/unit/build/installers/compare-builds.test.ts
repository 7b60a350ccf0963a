import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareFolders } from '../../../../build/installers/compare-builds.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-compare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
function put(build: 'one' | 'other', path: string, text = 'x'): string {
  const file = join(folder, build, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const found = () => compareFolders(join(folder, 'one'), join(folder, 'other'));

test('builds of the same files are alike, whenever they were made', () => {
  for (const build of ['one', 'other'] as const) {
    put(build, 'bin/run');
    symlinkSync('run', join(folder, build, 'bin', 'link'));
  }
  expect(found()).toEqual([]);
});

test('contents, rights, links and what is missing are told by their paths', () => {
  put('one', 'a/text');
  put('other', 'a/text', 'y');
  chmodSync(put('one', 'b'), 0o755);
  put('other', 'b');
  symlinkSync('b', join(folder, 'one', 'c'));
  put('other', 'c');
  put('one', 'd');
  put('other', 'e');
  expect(found().map(({ path, how }) => [path, how])).toEqual([
    ['a/text', 'differs'],
    ['b', 'differs'],
    ['c', 'differs'],
    ['d', 'only in the first'],
    ['e', 'only in the second'],
  ]);
  expect(found().every(({ stated }) => stated === null)).toBe(true);
});

test('a stated difference is told with its reason', () => {
  put('one', 'resources/runtime/runtime.json', '1');
  put('other', 'resources/runtime/runtime.json', '2');
  expect(found()).toEqual([
    { path: 'resources/runtime/runtime.json', how: 'differs', stated: expect.any(String) as string },
  ]);
});
