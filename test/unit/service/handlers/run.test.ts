import { expect, it } from 'vitest';
import { getRun, updateRun } from '../../../../src/project/index.ts';
import { connected, failureOf } from '../../../fixtures/connected.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';

it('calls runs by their name or id, and does only what can be done', async () => {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project));
  const client = await connected(project);
  expect((await client.run.get({ runId: run.name })).run.id).toBe(run.id);
  expect((await client.run.pause({ runId: run.name })).status).toBe('paused');
  expect((await client.run.resume({ runId: run.id })).status).toBe('queued');
  expect((await client.run.cancel({ runId: run.id })).status).toBe('cancelled');
  expect((await failureOf(client.run.resume({ runId: run.id }))).message).toContain(run.name);
  expect(await client.run.metrics({ runId: run.id })).toEqual([]);
});

it('pauses and resumes the runs of one study, or of all', async () => {
  const project = temporaryProject();
  const [one, other] = [addStudy(project), addStudy(project)];
  const [first, second] = [addRun(project, one), addRun(project, other, { title: 'byol' })];
  const client = await connected(project);
  expect((await client.run.pauseAll({ studyId: one })).map(({ id }) => id)).toEqual([first.id]);
  expect(getRun(project, second.id).run.status).toBe('queued');
  const all = await client.run.pauseAll({});
  expect(all.map(({ status }) => status)).toEqual(['paused', 'paused']);
  updateRun(project, first.id, { status: 'done' });
  expect((await client.run.resumeAll({})).map(({ status }) => status)).toEqual(['done', 'queued']);
});
