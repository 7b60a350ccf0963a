/** The folder of an open project that is moved, deleted or taken away: said once, and not for a moment's absence. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../../src/contract/errors.ts';
import { watchPlace } from '../../../../src/service/surroundings/place.ts';
import { closeProject, createProject } from '../../../../src/project/index.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watching() {
  const folder = join(temporaryFolder(), 'a.pretext');
  closeProject(createProject(folder, 'A', '0.0.0'));
  const told: Failure[] = [];
  const place = watchPlace({ folder }, (failure) => told.push(failure), 1000);
  return { folder, told, place, look: (times = 1) => vi.advanceTimersByTime(times * 1000) };
}

describe('the folder of an open project', () => {
  it.each(['moved', 'deleted'])('that was %s is told of once, with what to do', (how) => {
    const { folder, told, look } = watching();
    look(3);
    expect(told).toEqual([]);
    if (how === 'moved') renameSync(folder, `${folder}-elsewhere`);
    else rmSync(folder, { recursive: true });
    look(5);
    expect(told).toMatchObject([{ code: 'project.moved', place: folder }]);
    expect(told[0]!.remedy).toContain('from where it is now');
  });

  it('that another took the place of is not the same', () => {
    const { folder, told, look } = watching();
    renameSync(folder, `${folder}-elsewhere`);
    closeProject(createProject(folder, 'B', '0.0.0'));
    look(2);
    expect(told).toHaveLength(1);
  });

  it('that is away for a moment, as network disks are, or that nobody watches any more, is not told of', () => {
    const { folder, told, place, look } = watching();
    renameSync(folder, `${folder}-elsewhere`);
    look();
    renameSync(`${folder}-elsewhere`, folder);
    look(5);
    expect(told).toEqual([]);
    place.close();
    renameSync(folder, `${folder}-elsewhere`);
    look(5);
    expect(told).toEqual([]);
  });
});
