import { statfsSync } from 'node:fs';
import { join, parse } from 'node:path';
import { expect, it } from 'vitest';
import { existingPlace, freeBytes } from '../../../src/machine/disk-space.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

it('finds the nearest place that is there', () => {
  const folder = temporaryFolder();
  expect(existingPlace(folder)).toBe(folder);
  expect(existingPlace(join(folder, 'not', 'made', 'yet'))).toBe(folder);
  const { root } = parse(folder);
  expect(existingPlace(join(root, 'no-such-folder', 'at-all'))).toBe(root);
});

it('tells the free bytes of a disk', () => {
  const folder = temporaryFolder();
  const { blocks, bsize } = statfsSync(folder);
  const free = freeBytes(folder);
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThanOrEqual(blocks * bsize);
});
