import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  claimImport,
  listClaims,
  liveClaims,
  releaseClaim,
  renewClaims,
  STALE_MS,
  thisProcess,
  watchLives,
} from '../../../../src/project/index.ts';
import { temporaryProject } from '../../../fixtures/projects.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;
const holder = thisProcess();

describe('the claim of an import', () => {
  it('keeps its name and its files while its process lives', () => {
    const project = temporaryProject();
    const watch = watchLives();
    claimImport(project, { id: 'first', name: 'small', holder }, watch);
    expect(() => claimImport(project, { id: 'second', name: 'small', holder }, watch)).toThrow(
      failsWith('dataset.importing'),
    );
    expect([...liveClaims(project, watch)]).toEqual(['first']);
    releaseClaim(project, 'first');
    claimImport(project, { id: 'second', name: 'small', holder }, watch);
    expect(listClaims(project).map(({ id }) => id)).toEqual(['second']);
  });

  it('of a dead process is dropped', () => {
    const project = temporaryProject();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    claimImport(project, { id: 'dead', name: 'small', holder: { ...holder, pid } }, watchLives());
    expect([...liveClaims(project, watchLives())]).toEqual([]);
    expect(listClaims(project)).toEqual([]);
  });

  it('of another machine holds until its heartbeat has stopped', () => {
    const project = temporaryProject();
    let now = 0;
    const watch = watchLives(holder, () => now);
    claimImport(project, { id: 'away', name: 'small', holder: { ...holder, host: 'another' } }, watch);
    for (let turn = 0; turn < 5; turn++) {
      renewClaims(project, ['away']);
      expect([...liveClaims(project, watch)]).toEqual(['away']);
      now += STALE_MS;
    }
    now += 1;
    expect([...liveClaims(project, watch)]).toEqual([]);
  });
});
