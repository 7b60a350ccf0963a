import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { claimFile, resultFolder, statusFile } from '../../../src/bundle/files.ts';
import { watchClaims } from '../../../src/bundle/claim.ts';
import { knowStandings, readStanding } from '../../../src/bundle/standing.ts';
import { writeStatus } from '../../../src/bundle/status.ts';
import { STALE_MS, watchLives, type Life } from '../../../src/machine/processes.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

it('is what the job says, and lost where it runs by its own word alone', () => {
  const folder = temporaryFolder();
  expect(readStanding(folder, 2, () => expect.unreachable())).toBeNull();
  mkdirSync(resultFolder(folder, 2), { recursive: true });
  const told = { at: '2026-11-28T10:00:00.000Z', host: 'lab1', attempts: 3 };
  writeStatus(statusFile(folder, 2), { state: 'running', ...told });
  const asked: string[] = [];
  const lives = (is: Life) => (claim: string) => {
    asked.push(claim);
    return is;
  };
  expect(readStanding(folder, 2, lives('alive'))).toEqual({ state: 'running', ...told });
  expect(readStanding(folder, 2, lives('gone'))).toMatchObject({
    ...told,
    state: 'lost',
    failure: { code: 'job.silent', place: resultFolder(folder, 2) },
  });
  expect(asked).toEqual([claimFile(folder, 2), claimFile(folder, 2)]);
  writeStatus(statusFile(folder, 2), { state: 'done', ...told });
  expect(readStanding(folder, 2, () => expect.unreachable())).toEqual({ state: 'done', ...told });
});

it('of other machines is told once their heartbeats have moved, or have stopped for long', async () => {
  const folder = temporaryFolder();
  const claim = (job: number, heartbeatMs: number) =>
    writeFileSync(
      claimFile(folder, job),
      JSON.stringify({ pid: 7, host: `lab${job}`, birth: null, token: `of ${job}`, heartbeatMs }),
    );
  for (const job of [1, 2]) {
    mkdirSync(resultFolder(folder, job), { recursive: true });
    writeStatus(statusFile(folder, job), {
      state: 'running',
      at: '2026-11-28T10:00:00.000Z',
      host: `lab${job}`,
      attempts: 1,
    });
    claim(job, 1);
  }
  let clock = 0;
  const waited: number[] = [];
  const standings = await knowStandings(folder, [1, 2, 3], {
    lives: watchClaims(watchLives({ host: 'here' }, () => clock)),
    onWait: (unknown) => waited.push(unknown),
    rest: async (milliseconds) => {
      clock += milliseconds;
      // The first goes on, the second's computer was lost.
      claim(1, 1 + clock);
    },
  });
  expect(standings.map((standing) => standing?.state)).toEqual(['running', 'lost', undefined]);
  expect(waited).toEqual([2]);
  expect(clock).toBeGreaterThan(STALE_MS);
  expect(clock).toBeLessThan(2 * STALE_MS);
});
