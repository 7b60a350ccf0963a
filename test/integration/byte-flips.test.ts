/** The short form of test/torture/byte-flips.ts. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishedProject, flipAndAsk, isBad, placesIn, type Flip } from '../fixtures/byte-flips.ts';
import { temporaryFolder } from '../fixtures/projects.ts';

describe('a project whose database has one wrong bit', () => {
  it('is refused or says so: never an internal error, never opened in silence though it is unsound', async () => {
    const folder = temporaryFolder();
    const made = await finishedProject(folder);
    const flips: Flip[] = [];
    for (const [turn, place] of placesIn(made, 30, 7).entries())
      flips.push(await flipAndAsk(made, join(folder, 'copy.pretext'), place, turn % 8));
    expect(flips.filter(isBad)).toEqual([]);
    expect(flips.filter(({ outcome }) => outcome === 'refused').length).toBeGreaterThan(2);
    expect(flips.filter(({ sound }) => !sound).length).toBeGreaterThan(2);
  });
});
