import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkProject,
  closeProject,
  listModels,
  openProject,
  registerModel,
  repairProject,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { addRun, addStudy, temporaryProject, willClose } from '../../../fixtures/projects.ts';

/** A project with one model, whose folder is whole. */
function withModel(): { project: WritableProject; folder: string } {
  const project = temporaryProject();
  const { id: runId } = addRun(project, addStudy(project), { kind: 'finetune', title: 'baseline' });
  const weights = Buffer.from('weights');
  const sha256 = createHash('sha256').update(weights).digest('hex');
  const member = { file: 'weights.safetensors', bytes: weights.length, sha256, seed: 1, scale: null };
  const note = modelNote(`${runId}-1`, { members: [member] });
  const folder = join(project.folder, 'models', note.model.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, member.file), weights);
  writeFileSync(join(folder, 'model.json'), JSON.stringify(note.model));
  registerModel(project, runId, note);
  return { project, folder };
}

describe('a thorough check', () => {
  it('finds a whole model sound', async () => {
    const { project } = withModel();
    expect(await checkProject(project)).toEqual({ sound: true, problems: [], files: 1 });
  });

  it('tells of weights that were changed or are gone, and of another description', async () => {
    const { project, folder } = withModel();
    const weights = join(folder, 'weights.safetensors');
    writeFileSync(weights, 'weightS');
    writeFileSync(join(folder, 'model.json'), '{}');
    const { problems } = await checkProject(project);
    expect(problems.map((line) => line.replaceAll('\\', '/'))).toEqual([
      expect.stringMatching(/models\/\w{10}-1\/weights.safetensors is not the file that was written/),
      expect.stringMatching(/models\/\w{10}-1: model.json is not there, or is none of a model/),
    ]);
    rmSync(weights);
    expect((await checkProject(project)).problems[0]).toMatch(/weights.safetensors is not there/);
  });
});

describe('a repair', () => {
  it('takes models back from their folders where their entries are lost, whole ones alone', () => {
    const { project, folder } = withModel();
    const { model } = listModels(project)[0]!;
    const cut = join(project.folder, 'models', `${model.id.slice(0, 10)}-2`);
    cpSync(folder, cut, { recursive: true });
    writeFileSync(join(cut, 'weights.safetensors'), '');
    project.prepare('DELETE FROM models').run();
    closeProject(project);
    const { adoptedModels } = repairProject(project.folder, '0.0.0');
    expect(adoptedModels).toEqual([model.name]);
    const again = willClose(openProject(project.folder));
    expect(listModels(again).map((one) => one.model.id)).toEqual([model.id]);
  });
});
