import { expect, it } from 'vitest';
import { beginEdit } from '../../../../../src/project/stores/data/label-edit.ts';
import { clearUnpublished } from '../../../../../src/project/stores/data/unpublished.ts';
import { labeledSampleReader, readingOf } from '../../../../../src/project/stores/data/labeled-samples.ts';
import { getDataset, readSampleArrays, type WritableProject } from '../../../../../src/project/index.ts';
import { addDataset, sample, temporaryProject } from '../../../../fixtures/projects.ts';

const piece = async <T>(work: () => T) => work();
const SAID = { classId: 1, number: null, leftOut: 0 } as const;
const rowsOf = (project: WritableProject) =>
  project.connection.prepare('SELECT count(*) FROM labels').pluck().get();

it('takes away labels of a change that was cut short, and what is in force stays in force', async () => {
  const project = temporaryProject();
  const { id, key } = addDataset(project, 'small', [sample(0), sample(1), sample(2)]);
  // One change is published, one is not: as if the program had been killed in the middle of it.
  const first = beginEdit(project, getDataset(project, id));
  first.set(rowAt(project, id, 0), SAID);
  first.publish({ madeBy: 'hand', restores: null, names: ['cat', 'dog'] });
  const labels = async () => [
    ...(await readSampleArrays(project, key, 3, getDataset(project, id).labelVersion)).classIds,
  ];
  expect(await labels()).toEqual([1, 1, 0]);
  const second = beginEdit(project, getDataset(project, id));
  second.set(rowAt(project, id, 0), { ...SAID, classId: 0 });
  second.set(rowAt(project, id, 2), SAID);
  expect(await labels()).toEqual([1, 1, 0]);

  await clearUnpublished(project, key, piece);
  expect(await labels()).toEqual([1, 1, 0]);
  expect(rowsOf(project)).toBe(1);
  expect(project.connection.prepare('SELECT until FROM labels').pluck().all()).toEqual([null]);
});

function rowAt(project: WritableProject, id: string, position: number) {
  const { key } = getDataset(project, id);
  return labeledSampleReader(project, key, readingOf(project, key))(position)!;
}
