import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundlesBeside, latestBundle, nextBundle } from '../../../src/bundle/beside.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-beside-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('places bundles beside the project, numbered from 1', () => {
  const bundles = bundlesBeside(join(folder, 'waves.pretext'), 'study-a');
  expect(bundles).toBe(join(folder, 'waves-jobs', 'study-a'));
  expect(latestBundle(bundles)).toBeNull();
  expect(nextBundle(bundles)).toBe(`${bundles}-1`);
  for (const number of [1, 2]) mkdirSync(`${bundles}-${number}`, { recursive: true });
  expect(latestBundle(bundles)).toBe(`${bundles}-2`);
  expect(nextBundle(bundles)).toBe(`${bundles}-3`);
});
