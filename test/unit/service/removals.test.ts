import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import {
  findDataset,
  getDataset,
  listHiddenDatasets,
  newId,
  showDataset,
} from '../../../src/project/index.ts';
import { createRemovals, UNDO_SECONDS } from '../../../src/service/removals.ts';
import { addDataset, sample, temporaryProject } from '../../fixtures/projects.ts';
import { workplaceOf } from '../../fixtures/workplaces.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

function emptying() {
  const project = temporaryProject();
  const removals = createRemovals(workplaceOf(project));
  onTestFinished(() => removals.close());
  const file = (name: string, ageMs = 0) => {
    const path = join(project.folder, 'shards', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'x');
    const seconds = (Date.now() - ageMs) / 1000;
    utimesSync(path, seconds, seconds);
    return path;
  };
  const add = (name: string) => {
    const { id } = addDataset(project, name, [sample(0), sample(1)]);
    return { id, path: file(getDataset(project, id).shard) };
  };
  /** The rest of what was begun: rows are deleted a stretch at a time. */
  const settled = () => vi.waitFor(() => expect(listHiddenDatasets(project)).toEqual([]));
  return { project, removals, file, add, settled };
}
const PAST_UNDO = UNDO_SECONDS * 1000 + 1;

it('hides a dataset at once, and deletes it with its files when it can no longer be taken back', async () => {
  const { project, removals, file, add, settled } = emptying();
  const [gone, kept] = [add('gone'), add('kept')];
  const reshaped = file(`${getDataset(project, gone.id).shard}.28x28.shard`);
  removals.removeDataset(gone.id);
  expect([findDataset(project, 'gone'), existsSync(gone.path)]).toEqual([null, true]);
  vi.advanceTimersByTime(PAST_UNDO);
  await settled();
  await vi.waitFor(() => expect(existsSync(gone.path)).toBe(false));
  expect([existsSync(reshaped), existsSync(kept.path)]).toEqual([false, true]);
});

it('deletes nothing that was taken back', () => {
  const { project, removals, add } = emptying();
  const { id, path } = add('back');
  removals.removeDataset(id);
  showDataset(project, id);
  removals.keep(id);
  vi.advanceTimersByTime(PAST_UNDO);
  expect([findDataset(project, 'back')?.dataset.id, existsSync(path)]).toEqual([id, true]);
});

it('deletes at the next opening what was removed before, and leaves what was removed a moment ago', async () => {
  const { project, removals, add } = emptying();
  const [old, young] = [add('old'), add('young')];
  removals.removeDataset(old.id);
  removals.close();
  vi.setSystemTime(Date.now() + PAST_UNDO);
  removals.removeDataset(young.id);
  await removals.purge();
  expect(listHiddenDatasets(project).map(({ dataset }) => dataset.name)).toEqual(['young']);
  expect([existsSync(old.path), existsSync(young.path)]).toEqual([false, true]);
});

it('puts files that nothing refers to into the trash, but none that may just have been written', async () => {
  const { removals, file, add } = emptying();
  const { path } = add('used');
  const [orphan, fresh] = [file(`${newId()}.shard`, 7_200_000), file(`${newId()}.shard`)];
  const foreign = file('notes.txt', 7_200_000);
  await removals.purge();
  expect([orphan, fresh, foreign, path].map((one) => existsSync(one))).toEqual([false, true, true, true]);
});
