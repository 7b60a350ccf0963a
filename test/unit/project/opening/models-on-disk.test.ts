import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findModel, listModels, registerModel, type WritableProject } from '../../../../src/project/index.ts';
import {
  adoptModels,
  descriptionProblem,
  knownModels,
} from '../../../../src/project/opening/models-on-disk.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';

function project() {
  const own = temporaryProject();
  const { id } = addRun(own, addStudy(own), { kind: 'finetune', title: 'baseline', arm: 'baseline' });
  return { own, id: `${id}-1` };
}

/** Writes the folder of a model, whole unless told otherwise. */
function write(own: WritableProject, id: string, more: { bytes?: number; text?: string } = {}) {
  const { model } = modelNote(id);
  const folder = join(own.folder, 'models', id);
  mkdirSync(folder, { recursive: true });
  const text = more.text ?? JSON.stringify(model);
  writeFileSync(join(folder, 'model.json'), text);
  writeFileSync(join(folder, 'weights.safetensors'), Buffer.alloc(more.bytes ?? model.members[0]!.bytes));
  return { folder, model, bytes: Buffer.byteLength(text) + model.members[0]!.bytes };
}

it('says of every description whether it is as the database has it', () => {
  const { own, id } = project();
  const { folder, model } = write(own, id);
  registerModel(own, id.slice(0, 10), { model, bytes: 1 });
  const problem = () => descriptionProblem(knownModels(own)[0]!);
  expect(knownModels(own)).toMatchObject([{ folder, model: { id } }]);
  expect(problem()).toBeNull();
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...model, name: 'another' }));
  expect(problem()).toBe('model.json is not as project.db has it');
  writeFileSync(join(folder, 'model.json'), '{');
  expect(problem()).toBe('model.json is not there, or is none of a model');
  rmSync(folder, { recursive: true });
  expect(problem()).toBe('model.json is not there, or is none of a model');
  own.connection.prepare(`UPDATE models SET model = json_remove(model, '$.head')`).run();
  expect(problem()).toBe('project.db does not describe it as the program does');
});

it('takes models back from their whole folders, of runs that are there', () => {
  const { own, id } = project();
  const run = id.slice(0, 10);
  const { bytes } = write(own, id);
  // Cut short, of another id, of no run, and no folder of a model at all.
  write(own, `${run}-2`, { bytes: 3 });
  write(own, `${run}-3`, { text: JSON.stringify(modelNote(`${run}-4`).model) });
  write(own, 'zzzzzzzzzz-1');
  mkdirSync(join(own.folder, 'models', 'notes'));
  expect(adoptModels(own)).toEqual(['baseline-1']);
  expect(listModels(own).map(({ model }) => model.id)).toEqual([id]);
  expect(findModel(own, id).bytes).toBe(bytes);
  // What is known is not taken again.
  expect(adoptModels(own)).toEqual([]);
});

it('mends an entry that describes no model, and finds nothing where there is no folder', () => {
  const { own, id } = project();
  const { model } = write(own, id);
  registerModel(own, id.slice(0, 10), { model, bytes: 1 });
  own.connection.prepare(`UPDATE models SET model = '{}'`).run();
  expect(adoptModels(own)).toEqual(['baseline-1']);
  expect(findModel(own, id).model).toEqual(model);
  rmSync(join(own.folder, 'models'), { recursive: true });
  expect(adoptModels(own)).toEqual([]);
});
