import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  deleteStudy,
  emptyTrash,
  findModel,
  hideStudy,
  listModels,
  listModelsOfRun,
  moveToTrash,
  referencedModels,
  registerModel,
  removeLeftovers,
} from '../../../../../src/project/index.ts';
import { modelNote } from '../../../../fixtures/models.ts';
import { addRun, addStudy, temporaryProject } from '../../../../fixtures/projects.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

describe('models of a project', () => {
  it('are one a run and what was made of it on request; a better seed takes the place of the one before', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    expect(registerModel(project, id, modelNote(`${id}-1`))).toEqual([]);
    expect(registerModel(project, id, modelNote(`${id}-ensemble`))).toEqual([]);
    expect(registerModel(project, id, modelNote(`${id}-2`))).toEqual([`${id}-1`]);
    // A seed that was trained again.
    expect(registerModel(project, id, modelNote(`${id}-2`, { temperature: 2 }))).toEqual([]);
    expect(listModelsOfRun(project, id).map(({ model }) => model.id)).toEqual([`${id}-2`, `${id}-ensemble`]);
    expect(findModel(project, `${id}-2`).model).toEqual({
      ...modelNote(`${id}-2`, { temperature: 2 }).model,
      createdAt: expect.any(String) as string,
    });
  });

  it('are found by id or by name, and what is not there is told with what is', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    registerModel(project, id, modelNote(`${id}-1`, { name: 'pretrained-3' }));
    expect(findModel(project, 'pretrained-3').model.id).toBe(`${id}-1`);
    expect(() => findModel(project, 'pretrained-4')).toThrow(failsWith('model.missing'));
    expect(() => findModel(project, 'pretrained-4')).toThrow(/no model “pretrained-4”/);
  });

  it('are not listed while their study is being removed, and go with it', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const { id } = addRun(project, study);
    registerModel(project, id, modelNote(`${id}-1`));
    hideStudy(project, study);
    expect(listModels(project)).toEqual([]);
    expect(referencedModels(project)).toEqual(new Set([`${id}-1`]));
    deleteStudy(project, study);
    expect(referencedModels(project)).toEqual(new Set());
  });

  it('refuses a description that is not one, or is that of another folder', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    registerModel(project, id, modelNote(`${id}-1`));
    const update = project.connection.prepare('UPDATE models SET model = ?');
    update.run(JSON.stringify({ ...modelNote(`${id}-2`).model }));
    expect(() => listModels(project)).toThrow(failsWith('project.broken'));
    update.run('{"format":1}');
    expect(() => listModels(project)).toThrow(failsWith('project.broken'));
  });

  it('lie in the trash for a month, whole, and half-written ones are cleared away', () => {
    const { folder } = temporaryProject();
    const put = (id: string) => {
      mkdirSync(join(folder, 'models', id));
      writeFileSync(join(folder, 'models', id, 'model.json'), '{}');
      return join(folder, 'models', id);
    };
    put('aaaaaaaaaa-1');
    const [thrown] = moveToTrash(folder, 'models', ['aaaaaaaaaa-1']);
    expect(existsSync(join(thrown!, 'model.json'))).toBe(true);
    expect(emptyTrash(folder)).toEqual([]);
    expect(emptyTrash(folder, Date.now() + 40 * 86_400_000)).toEqual([thrown]);
    expect(existsSync(thrown!)).toBe(false);
    const half = put('aaaaaaaaaa-1.tmp-999999');
    utimesSync(half, new Date(0), new Date(0));
    expect(removeLeftovers(folder)).toEqual([half]);
    expect(existsSync(half)).toBe(false);
  });
});
