import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { giveName, giveNameAtOnce, type RenamingSystem } from '../../../src/machine/replace-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-replace-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string): [temporary: string, file: string] {
  const file = join(folder, name);
  writeFileSync(`${file}.tmp`, 'new');
  return [`${file}.tmp`, file];
}

/** A system on which the file is held open by somebody for the first few tries. */
function holding(platform: NodeJS.Platform, tries: number, code = 'EPERM') {
  const waits: number[] = [];
  let left = tries;
  const system: RenamingSystem = {
    platform,
    async rename(from, to) {
      if (left-- > 0) throw Object.assign(new Error('held'), { code });
      await rename(from, to);
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
  };
  return { system, waits };
}

describe('a file that was written under a temporary name', () => {
  it('takes the place of the old one', async () => {
    const [temporary, file] = written('a');
    writeFileSync(file, 'old');
    await giveName(temporary, file);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(existsSync(temporary)).toBe(false);
    const [again] = written('a');
    giveNameAtOnce(again, file);
    expect(existsSync(again)).toBe(false);
  });

  it('gets its name on Windows once nobody holds it open any more', async () => {
    const [temporary, file] = written('b');
    const { system, waits } = holding('win32', 4);
    await giveName(temporary, file, system);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(waits).toEqual([10, 20, 50, 100]);
  });

  it.each([
    ['win32', 99, 'EPERM'],
    ['win32', 1, 'ENOSPC'],
    ['linux', 1, 'EPERM'],
  ] as const)('keeps its temporary name on %s where a rename fails %i times with %s', async (...held) => {
    const [temporary, file] = written('c');
    const { system } = holding(held[0], held[1], held[2]);
    await expect(giveName(temporary, file, system)).rejects.toThrow('held');
    expect(readFileSync(temporary, 'utf8')).toBe('new');
  });
});
