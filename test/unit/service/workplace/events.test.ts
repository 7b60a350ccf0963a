import { describe, expect, it } from 'vitest';
import type { ProjectEvent } from '../../../../src/contract/messages/project-events.ts';
import { createEvents } from '../../../../src/service/workplace/events.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('events', () => {
  it('begin with hello, thin out progress to its latest state, and end when nobody listens', async () => {
    const project = temporaryProject();
    const run = addRun(project, addStudy(project));
    const events = createEvents();
    const abort = new AbortController();
    const heard: ProjectEvent[] = [];
    const listening = (async () => {
      for await (const event of events.subscribe(abort.signal)) heard.push(event);
    })().catch(() => 'ended');
    await until(() => heard.length === 1);
    expect(heard[0]).toEqual({ type: 'hello' });

    for (let seconds = 1; seconds <= 100; seconds++) events.publishProgress({ ...run, seconds });
    await until(() => heard.some((event) => event.type === 'run' && event.run.seconds === 100));
    const told = heard.flatMap((event) => (event.type === 'run' ? event.run.seconds : []));
    expect(told).toEqual([1, 100]);

    // How far it is, to whoever asked under a name.
    events.tellAsker('pack 1')({ done: 1, total: 3 });
    events.tellAsker(undefined)({ done: 2, total: 3 });
    await until(() => heard.some((event) => event.type === 'asked-progress'));
    expect(heard.filter((event) => event.type === 'asked-progress')).toEqual([
      { type: 'asked-progress', id: 'pack 1', progress: { done: 1, total: 3 } },
    ]);

    // What changes the run itself is told at once, and no older progress after it.
    events.publishProgress({ ...run, seconds: 101 });
    events.publish({ type: 'run', run: { ...run, status: 'done', seconds: 102 } });
    await until(() => heard.some((event) => event.type === 'run' && event.run.seconds === 102));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard.at(-1)).toMatchObject({ run: { seconds: 102 } });

    abort.abort();
    expect(await listening).toBe('ended');
    events.close();
  });
});
