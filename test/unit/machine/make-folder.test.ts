import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PretextError } from '../../../src/contract/errors.ts';
import { makeFolder } from '../../../src/machine/make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-make-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

const codeOf = (work: () => void) => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof PretextError ? error.failure.code : error;
  }
};

test('folders above are made, and one that is there stays', () => {
  const deep = join(folder, 'a', 'b', 'c');
  makeFolder(deep);
  makeFolder(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
});

test('beneath a file there is no place', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(codeOf(() => makeFolder(join(folder, 'file', 'b')))).toBe('disk.no-folder');
  expect(codeOf(() => makeFolder(join(folder, 'file')))).toBe('disk.no-folder');
});

test.runIf(process.platform === 'linux')(
  'a place that the system does not have is said to be none, at once',
  () => {
    expect(codeOf(() => makeFolder('/proc/nothing/a/b'))).toBe('disk.no-folder');
  },
);
