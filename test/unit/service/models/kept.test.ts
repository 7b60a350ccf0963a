import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findKept, keep, listKept, removeKept } from '../../../../src/service/models/kept.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';
import { workplaceOf } from '../../../fixtures/workplaces.ts';

function kept(...ids: string[]) {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project), {
    kind: 'finetune',
    title: 'baseline',
    arm: 'baseline',
    budget: 'all',
  });
  const workplace = workplaceOf(project);
  const folder = (id: string) => join(project.folder, 'models', id);
  for (const id of ids) {
    mkdirSync(folder(id), { recursive: true });
    writeFileSync(join(folder(id), 'model.json'), '{}');
    keep(workplace, run.id, modelNote(id, { name: 'baseline-1' }));
  }
  return { project, workplace, folder, run };
}
const [FIRST, SECOND] = ['aaaaaaaaaa-1', 'aaaaaaaaaa-2'];

it('lists a model with where its folder lies, and finds it by its id or name', () => {
  const { project, folder } = kept(FIRST);
  expect(listKept(project)).toMatchObject([{ model: { id: FIRST }, folder: folder(FIRST), bytes: 100 }]);
  expect(findKept(project, FIRST).model.id).toBe(FIRST);
  expect(findKept(project, 'baseline-1').model.id).toBe(FIRST);
  expect(() => findKept(project, 'another')).toThrow(/another/);
});

it('removes a model with its folder kept for a month, and tells of it', () => {
  const { project, workplace, folder } = kept(FIRST);
  removeKept(workplace, FIRST);
  expect(listKept(project)).toEqual([]);
  expect(existsSync(folder(FIRST))).toBe(false);
  expect(workplace.published.at(-1)).toEqual({ type: 'model-removed', modelId: FIRST });
});

it('keeps the newer model of a run in place of the older', () => {
  const { project, workplace, folder } = kept(FIRST, SECOND);
  expect(listKept(project).map(({ model }) => model.id)).toEqual([SECOND]);
  expect([existsSync(folder(FIRST)), existsSync(folder(SECOND))]).toEqual([false, true]);
  expect(workplace.published.map(({ type }) => type)).toEqual(['model', 'model-removed', 'model']);
});
