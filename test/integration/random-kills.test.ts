/** A handful of random kills; `node test/torture/main.ts` does as many as wanted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { randomFrom, torture } from '../torture/kills.ts';

it('a study that is killed at random ends bit for bit as if nothing had happened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-random-kills-'));
  const seed = Date.now() % 1_000_000;
  const outcome = await torture({ folder, kills: 4, random: randomFrom(seed), say: () => {} });
  const { studies, alike, kills, faults } = outcome;
  expect({ seed, kills, faults, otherwise: studies - alike }).toEqual({
    seed,
    kills: 4,
    faults: [],
    otherwise: 0,
  });
  rmSync(folder, { recursive: true });
});
