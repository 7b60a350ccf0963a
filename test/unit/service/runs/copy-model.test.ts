import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ProjectEvent } from '../../../../src/contract/messages/project-events.ts';
import type { FinetuneJob } from '../../../../src/contract/messages/job.ts';
import { modelSchema } from '../../../../src/contract/model/model.ts';
import { findModel, registerModel } from '../../../../src/project/index.ts';
import { copyModel } from '../../../../src/service/runs/copy-model.ts';
import type { Workplace } from '../../../../src/service/workplace/workplace.ts';
import { describedModel, modelNote } from '../../../fixtures/models.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';

it('a model taken over from another run is the same files under a name and an origin of its own', () => {
  const project = temporaryProject();
  const study = addStudy(project);
  const [twin, run] = [addRun(project, study), addRun(project, study)];
  const note = modelNote(`${twin.id}-1`, { name: 'baseline-1' });
  const from = join(project.folder, 'models', note.model.id);
  mkdirSync(from);
  writeFileSync(join(from, 'weights.safetensors'), 'weights');
  writeFileSync(join(from, 'model.json'), JSON.stringify(note.model));
  registerModel(project, twin.id, note);
  const events: ProjectEvent[] = [];
  const workplace = { project, events: { publish: (event: ProjectEvent) => void events.push(event) } };
  const dataset = { name: 'stripes', shape: [8, 8, 1], dtype: 'uint8' as const };
  const model = { ...describedModel(run.id, dataset), name: 'baseline-2' };

  copyModel(workplace as unknown as Workplace, note, run, { model } as FinetuneJob);

  const to = join(project.folder, 'models', `${run.id}-1`);
  expect(readdirSync(to).toSorted()).toEqual(['model.json', 'weights.safetensors']);
  expect(statSync(join(to, 'weights.safetensors')).ino).toBe(statSync(join(from, 'weights.safetensors')).ino);
  const read = modelSchema.parse(JSON.parse(readFileSync(join(to, 'model.json'), 'utf8')));
  expect(read).toMatchObject({ id: `${run.id}-1`, name: 'baseline-2', trainedOn: { runId: run.id } });
  expect(read.members).toEqual(note.model.members);
  expect(findModel(project, 'baseline-2').model).toEqual(read);
  expect(findModel(project, 'baseline-1').model.id).toBe(`${twin.id}-1`);
  expect(events).toMatchObject([{ type: 'model', model: { folder: to } }]);
});
