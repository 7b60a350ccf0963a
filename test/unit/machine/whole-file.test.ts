import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileWhole, writeWhole } from '../../../src/machine/whole-file.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

describe('a file that appears whole', () => {
  it('takes the place of the one before, and leaves nothing beside it', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'status.json');
    writeFileWhole(file, 'first');
    writeFileWhole(file, Uint8Array.of(0xc3, 0xa4));
    expect(readFileSync(file, 'utf8')).toBe('ä');
    expect(readdirSync(folder)).toEqual(['status.json']);
  });

  it('leaves the one before as it is where there is no folder for it', () => {
    const file = join(temporaryFolder(), 'gone', 'status.json');
    expect(() => writeFileWhole(file, 'x')).toThrow(/ENOENT/);
    expect(existsSync(file)).toBe(false);
  });

  it('leaves nothing beside what it cannot replace', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'taken'));
    expect(() => writeFileWhole(join(folder, 'taken'), 'x')).toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});

it('writes text as it is made, and nothing where it fails on the way', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'below', 'rows.csv');
  await writeWhole(file, ['a,', 'b\n'], false);
  expect(readFileSync(file, 'utf8')).toBe('a,b\n');
  async function* broken() {
    yield 'c';
    await Promise.resolve();
    throw new Error('no more');
  }
  await expect(writeWhole(file, broken(), true)).rejects.toThrow('no more');
  expect(readFileSync(file, 'utf8')).toBe('a,b\n');
  expect(readdirSync(join(folder, 'below'))).toEqual(['rows.csv']);
});
