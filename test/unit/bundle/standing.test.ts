import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { claimFile, resultFolder, statusFile } from '../../../src/bundle/files.ts';
import { readStanding } from '../../../src/bundle/standing.ts';
import { writeStatus } from '../../../src/bundle/status.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

it('is what the job says, and lost where it runs by its own word alone', () => {
  const folder = temporaryFolder();
  expect(readStanding(folder, 2, () => expect.unreachable())).toBeNull();
  mkdirSync(resultFolder(folder, 2), { recursive: true });
  const told = { at: '2026-11-28T10:00:00.000Z', host: 'lab1', attempts: 3 };
  writeStatus(statusFile(folder, 2), { state: 'running', ...told });
  const asked: string[] = [];
  const lives = (is: boolean) => (claim: string) => {
    asked.push(claim);
    return is;
  };
  expect(readStanding(folder, 2, lives(true))).toEqual({ state: 'running', ...told });
  expect(readStanding(folder, 2, lives(false))).toMatchObject({
    ...told,
    state: 'lost',
    failure: { code: 'job.silent', place: resultFolder(folder, 2) },
  });
  expect(asked).toEqual([claimFile(folder, 2), claimFile(folder, 2)]);
  writeStatus(statusFile(folder, 2), { state: 'done', ...told });
  expect(readStanding(folder, 2, () => expect.unreachable())).toEqual({ state: 'done', ...told });
});
