import { describe, expect, it } from 'vitest';
import { connected, failureOf } from '../../../fixtures/connected.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

it('tells an error that a person can act on with its code, place and remedy', async () => {
  const client = await connected(temporaryProject());
  const thrown = await client.run.get({ runId: 'none' }).catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    code: 'FAILURE',
    data: { code: 'run.missing', place: 'none', remedy: 'Look at the list of runs for its id or name.' },
  });
});

it('names what is wrong with a request', async () => {
  const client = await connected(temporaryProject());
  const wish = { datasetId: 'a', offset: -1, limit: 1 };
  expect(await failureOf(client.dataset.issues(wish))).toMatchObject({
    code: 'request.invalid',
    message: expect.stringMatching(/^offset: /) as string,
  });
});

describe('a damaged database', () => {
  it('is told as that, with the entry that is odd', async () => {
    const project = temporaryProject();
    addRun(project, addStudy(project));
    const client = await connected(project);
    project.connection.prepare(`UPDATE studies SET status = 'singing'`).run();
    expect(await failureOf(client.study.list())).toEqual({
      code: 'project.broken',
      message: expect.stringMatching(
        /^project\.db holds something that the program does not write \(0\.status: .*\): it may be damaged\.$/,
      ) as string,
    });
    project.connection.prepare(`UPDATE studies SET status = 'running', recipe = '{'`).run();
    expect((await failureOf(client.study.list())).code).toBe('project.broken');
  });
});

it('a bug travels without its stack', async () => {
  const project = temporaryProject();
  const { id } = addDataset(project, 'small', [sample(0)]);
  const client = await connected(project, {
    preview: () => {
      throw new TypeError('undefined is not a function');
    },
  });
  const { code, message } = await failureOf(
    client.preview({ datasetId: id, task: 'simclr', options: {}, count: 1, seed: 0 }),
  );
  expect(code).toBe('internal');
  expect(message).not.toContain('.ts:');
});
