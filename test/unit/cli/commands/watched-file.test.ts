import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { beginWatchedFile } from '../../../../src/cli/commands/watched-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-watched-'));
afterAll(() => rmSync(folder, { recursive: true }));
const part = (text: string) => {
  const path = join(folder, 'part.csv');
  writeFileSync(path, text);
  return path;
};
const failing = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown });

test('rows come one after the other below one head, also after the file was taken away', () => {
  const file = join(folder, 'a.csv');
  const answers = beginWatchedFile(file, { hasHead: true, overwrite: false });
  answers.add(part('head\n1\n'));
  answers.add(part('head\n2\n'));
  expect(readFileSync(file, 'utf8')).toBe('head\n1\n2\n');
  renameSync(file, join(folder, 'taken.csv'));
  answers.add(part('head\n3\n'));
  expect(readFileSync(file, 'utf8')).toBe('head\n3\n');
});

test('two that follow folders into one file do not mix their answers', () => {
  const file = join(folder, 'b.csv');
  const one = beginWatchedFile(file, { hasHead: true, overwrite: false });
  // Neither has answered yet, so both may begin.
  const other = beginWatchedFile(file, { hasHead: true, overwrite: false });
  one.add(part('of one head\n1\n'));
  expect(() => other.add(part('of another\n2\n'))).toThrow(failing('file.written-by-another'));
  expect(readFileSync(file, 'utf8')).toBe('of one head\n1\n');
  expect(() => beginWatchedFile(file, { hasHead: true, overwrite: false })).toThrow(failing('file.exists'));

  // One that may write over it takes the place: the first notices.
  const third = beginWatchedFile(file, { hasHead: true, overwrite: true });
  third.add(part('of a third\n3\n'));
  expect(() => one.add(part('of one head\n4\n'))).toThrow(failing('file.written-by-another'));
  expect(readFileSync(file, 'utf8')).toBe('of a third\n3\n');
});
