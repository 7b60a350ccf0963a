import { expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { contract } from '../../../../src/contract/messages/rpc.ts';
import { pretextTasks } from '../../../../src/learning/pretext/registry.ts';
import { encoders } from '../../../../src/learning/encoders/registry.ts';
import { registerCheckpoint } from '../../../../src/project/index.ts';
import { router } from '../../../../src/service/handlers/router.ts';
import { connected, failureOf } from '../../../fixtures/connected.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

/** Names of all actions: what is no plain object is one. */
const actionsOf = (tree: object, path = ''): string[] =>
  Object.entries(tree).flatMap(([name, value]: [string, object]) =>
    '~orpc' in value ? [`${path}${name}`] : actionsOf(value, `${path}${name}.`),
  );

it('has a handler for every action of the contract, and no other', () => {
  const actions = actionsOf(contract);
  expect(actions).toContain('study.start');
  expect(actionsOf(router).toSorted()).toEqual(actions.toSorted());
});

it('tells the catalogue, checkpoints, and how a tournament would go', async () => {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    Array.from({ length: 200 }, (_, at) => sample(at, { split: [0, 0, 0, 1, 2][at % 5]! })),
  );
  const run = addRun(project, addStudy(project));
  registerCheckpoint(project, run.id, {
    kind: 'last',
    step: 7,
    epoch: 1,
    bytes: 1,
    score: null,
    sha256: 'a'.repeat(64),
    file: 'p-last-7.safetensors',
  });
  const client = await connected(project);
  const catalogue = await client.catalogue();
  expect(JSON.stringify(catalogue)).toContain(`"${pretextTasks[0]!.id}"`);
  expect(JSON.stringify(catalogue)).toContain(`"${encoders[0]!.id}"`);
  expect(await client.checkpoint.list()).toMatchObject([{ runId: run.id, step: 7 }]);
  const recipe = recipeSchema.parse({
    name: 'T',
    data: { pretrain: ['small'] },
    tournament: { tasks: ['simclr', 'rotation', 'jigsaw'] },
  });
  expect(await client.planTournament({ recipe })).not.toBeNull();
  const impossible = { ...recipe, data: { ...recipe.data, pretrain: ['other'] } };
  expect((await failureOf(client.planTournament({ recipe: impossible }))).message).toContain('other');
});

it('tells what happens to whoever listens, until they go away', async () => {
  const project = temporaryProject();
  const client = await connected(project);
  const events = await client.events();
  expect((await events.next()).value).toEqual({ type: 'hello' });
  await client.project.rename({ name: 'Other' });
  expect((await events.next()).value).toMatchObject({ type: 'project', project: { name: 'Other' } });
  await events.return?.(undefined as never);
  expect((await events.next()).done).toBe(true);
});
