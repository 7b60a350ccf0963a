import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { closeProject } from '../../../../src/project/index.ts';
import type { ProjectEvent } from '../../../../src/contract/messages/project-events.ts';
import { createEvents } from '../../../../src/service/workplace/events.ts';
import { createGuard } from '../../../../src/service/workplace/guard.ts';
import { temporaryProject } from '../../../fixtures/projects.ts';

function begin() {
  const project = temporaryProject();
  const events = createEvents();
  const told: ProjectEvent[] = [];
  vi.spyOn(events, 'publish').mockImplementation((event) => void told.push(event));
  return { project, told, guard: createGuard(project, events, pino({ level: 'silent' })) };
}

describe('guarded work', () => {
  it('ends nothing when it throws, now or later, and is told once', async () => {
    const { guard, told } = begin();
    guard('the heartbeat', () => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
    });
    guard('a promise', () => Promise.reject(new Error('odd')));
    guard('a promise', () => Promise.reject(new Error('odd')));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told.map((event) => event.type === 'trouble' && event.failure.code)).toEqual([
      'disk.full',
      'internal',
    ]);
  });

  it('says nothing of a project that was closed meanwhile', () => {
    const { guard, told, project } = begin();
    closeProject(project);
    guard('the heartbeat', () => {
      throw new Error('the database is not open');
    });
    expect(told).toEqual([]);
  });
});
