import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { registerCheckpoint, setStudyStatus, updateRun } from '../../../../src/project/index.ts';
import { connected, failureOf } from '../../../fixtures/connected.ts';
import {
  addDataset,
  addRun,
  addStudy,
  recipe,
  sample,
  temporaryProject,
} from '../../../fixtures/projects.ts';

/** A study that has pretrained, and another that starts from its checkpoint. */
async function twoStudies() {
  const project = temporaryProject();
  addDataset(project, 'small', [sample(0)]);
  const studyId = addStudy(project);
  const run = addRun(project, studyId);
  updateRun(project, run.id, { status: 'done' });
  setStudyStatus(project, studyId, 'done');
  const { checkpoint } = registerCheckpoint(project, run.id, {
    kind: 'last',
    file: 'a.safetensors',
    sha256: 'a'.repeat(64),
    bytes: 1,
    step: 1,
    epoch: 1,
    score: null,
    scoreOf: null,
  });
  const other = addStudy(
    project,
    recipeSchema.parse({ ...recipe, name: 'B study', pretext: undefined, fromCheckpoint: checkpoint.id }),
  );
  return { project, studyId, other, client: await connected(project) };
}

describe('removing a study', () => {
  it('waits for others that start from its checkpoints', async () => {
    const { client, studyId, other, project } = await twoStudies();
    expect(await failureOf(client.study.remove({ studyId }))).toEqual({
      code: 'study.needed',
      message:
        'The study “A study” cannot be removed: “B study”, which is running, starts from a checkpoint of it.',
    });
    expect(await failureOf(client.study.remove({ studyId: other }))).toEqual({
      code: 'study.open',
      message: 'The study “B study” is running: it cannot be removed.',
    });
    setStudyStatus(project, other, 'cancelled');
    expect((await client.study.remove({ studyId })).undoSeconds).toBeGreaterThan(0);
    expect((await client.study.list()).map(({ name }) => name)).toEqual(['B study']);
    expect((await client.study.restore({ studyId })).name).toBe('A study');
  });

  it('of an ended one needs no cancelling', async () => {
    const { client, studyId } = await twoStudies();
    await client.study.cancel({ studyId });
    expect((await client.study.get({ studyId })).status).toBe('done');
  });
});

it('writes figures to whole paths alone', async () => {
  const { client, studyId, project } = await twoStudies();
  expect(await failureOf(client.study.figures({ studyId, to: 'here', overwrite: false }))).toMatchObject({
    code: 'export.place',
  });
  expect(existsSync(join(project.folder, 'here'))).toBe(false);
});

it('checks recipes against the project, and gives a study’s own under its present name', async () => {
  const { client, studyId } = await twoStudies();
  const text = 'name: C\ndata: { pretrain: [smal] }\npretext: {}\n';
  const check = await client.study.check({ text, fileName: 'c.yaml', device: {} });
  expect(check).toMatchObject({
    valid: false,
    failures: [
      { message: expect.stringContaining('Did you mean “small”?') as string, place: 'c.yaml, line 2' },
    ],
  });
  await client.study.rename({ studyId, name: 'Renamed' });
  expect((await client.study.yaml({ studyId })).text).toContain('name: Renamed\n');
});
