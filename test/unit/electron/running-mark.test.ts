import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { markRunning } from '../../../electron/running-mark.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-mark-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an orderly end leaves no mark, and the next start nothing to report', () => {
  const [file, keep] = [join(folder, 'new', 'running'), vi.fn(() => null)];
  const end = markRunning(file, new Date(), keep);
  expect(existsSync(file)).toBe(true);
  end();
  expect(existsSync(file)).toBe(false);
  markRunning(file, new Date(), keep);
  expect(keep).not.toHaveBeenCalled();
});

test('a mark that is found says that the program before ended without a word, and when it had begun', () => {
  const [file, keep] = [join(folder, 'running'), vi.fn(() => null)];
  markRunning(file, new Date(1_000_000), keep);
  markRunning(file, new Date(1_060_000), keep);
  expect(keep).toHaveBeenCalledWith(expect.objectContaining({ process: 'main', seconds: 60 }));
  writeFileSync(file, 'half a');
  markRunning(file, new Date(), keep);
  expect(keep).toHaveBeenLastCalledWith(expect.objectContaining({ seconds: null }));
});
