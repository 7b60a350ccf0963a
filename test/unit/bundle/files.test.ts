import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  bundleFile,
  claimFile,
  jobFile,
  journalFile,
  readBundle,
  readChecked,
  statusFile,
} from '../../../src/bundle/files.ts';
import { bundleOfTwo } from '../../fixtures/bundles.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

const failure = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as { failure: { code: string; message: string; place: string } }).failure;
  }
  throw new Error('nothing was thrown');
};

it('gives jobs six digits, so that names are in their order up to a million', () => {
  expect(
    [jobFile('b', 7), journalFile('b', 12), statusFile('b', 999_999), claimFile('b', 1)].map((file) =>
      file.replaceAll('\\', '/'),
    ),
  ).toEqual([
    'b/jobs/000007.json',
    'b/results/000012/journal.jsonl',
    'b/results/999999/status.json',
    'b/results/000001/claim.json',
  ]);
});

describe('a bundle’s description', () => {
  it('is read by its schema', () => {
    const folder = bundleOfTwo();
    expect(readBundle(folder)).toMatchObject({ jobs: 2, stages: ['1', '2'], threads: 2 });
  });

  it('is none in any other folder', () => {
    const folder = temporaryFolder();
    expect(failure(() => readBundle(folder))).toEqual({
      code: 'bundle.none',
      message: 'There is no such file: this is no bundle of jobs, or not the whole of one.',
      place: bundleFile(folder),
      remedy: 'Name the folder that packing has made; if it was moved, where it is now.',
    });
  });

  it('says that a newer program made it, whatever else stands in it', () => {
    const folder = temporaryFolder();
    writeFileSync(bundleFile(folder), JSON.stringify({ format: 2, all: 'else' }));
    expect(failure(() => readBundle(folder))).toMatchObject({
      code: 'bundle.newer',
      message: 'This bundle of jobs was made by a newer version of the program.',
    });
  });

  it('names the first field that is not as it is written', () => {
    const folder = bundleOfTwo({ bundle: { threads: 0 } });
    expect(failure(() => readBundle(folder))).toMatchObject({
      code: 'bundle.unreadable',
      message: expect.stringContaining('(threads: ') as string,
    });
    writeFileSync(bundleFile(folder), '3');
    expect(failure(() => readBundle(folder)).message).toContain('(all of it: ');
  });

  it('says why it is no JSON, and what the system says of a file that may not be read', () => {
    const folder = temporaryFolder();
    writeFileSync(bundleFile(folder), '{"format": 1,');
    expect(failure(() => readBundle(folder))).toMatchObject({
      code: 'bundle.unreadable',
      place: bundleFile(folder),
    });
    const other = temporaryFolder();
    mkdirSync(bundleFile(other));
    expect(() => readBundle(other)).toThrow(/EISDIR|folder/i);
    if (process.getuid?.() !== 0) {
      chmodSync(bundleFile(folder), 0);
      expect(failure(() => readBundle(folder)).place).toBe(bundleFile(folder));
    }
  });

  it('is turned into a value by whoever knows how', () => {
    const file = join(temporaryFolder(), 'a');
    writeFileSync(file, '7');
    expect(readChecked(file, z.number(), (text) => Number(text) + 1)).toBe(8);
  });
});
