import { expect, it } from 'vitest';
import { changeLabels, getDataset, getRun, type WritableProject } from '../../../../src/project/index.ts';
import { groupsOf, recordingsOf } from '../../../../src/service/datasets/belonging.ts';
import { inRecordings, readRunData } from '../../../../src/service/runs/run-data.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const twenty = () => Array.from({ length: 20 }, (_, i) => sample(i, { split: i % 5 === 4 ? 2 : 0 }));
function planned() {
  const project = temporaryProject();
  const { id } = addDataset(project, 'small', twenty());
  const run = addRun(project, addStudy(project));
  return { project, id, data: () => readRunData(project, getRun(project, run.id)) };
}
const change = (project: WritableProject, id: string) =>
  changeLabels(project, id, [{ position: 0, label: 'dog' }], { madeBy: 'hand', tests: false });

it('reads a run’s data with the splits and labels that it sees', async () => {
  const { data } = planned();
  const { contents, shards, inputShape, harmonisation } = await data();
  expect(inputShape).toEqual([16, 16, 1]);
  expect([...contents[0]!.splits].filter((split) => split === 2)).toHaveLength(4);
  expect([...contents[0]!.classIds.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  expect(shards['small']).toMatch(/\.shard$/);
  expect(harmonisation).toEqual({ small: [] });
});

it('has a hash that stays while the data do, and changes with a single label', async () => {
  const { project, id, data } = planned();
  const { hash } = await data();
  expect((await data()).hash).toBe(hash);
  await change(project, id);
  expect((await data()).hash).not.toBe(hash);
});

it('tells which recording a window is of, and when it begins: bytes before it, by those of a second', async () => {
  const project = temporaryProject();
  const windows = [0, 400, 800].map((byteOffset, at) =>
    sample(at, { byteOffset, recording: at === 2 ? 1 : 0 }),
  );
  const { id } = addDataset(project, 'arm', windows, {
    modality: 'signal',
    shape: [50, 2],
    dtype: 'float32',
    samplingRate: 100,
  });
  const { recordings, times } = await recordingsOf(project, getDataset(project, id));
  expect([...recordings!]).toEqual([0, 0, 1]);
  // Half a second is 50 steps of two channels of four bytes; the second recording begins at its own first byte.
  expect([...times!].slice(0, 2)).toEqual([0, 0.5]);
});

it('has groups only where there are some', async () => {
  const { project, id } = planned();
  expect(await groupsOf(project, getDataset(project, id))).toEqual({});
});

it('knows which facts about a sample need its recording', () => {
  expect(inRecordings(['time'])).toBe(true);
  expect(inRecordings(['group'])).toBe(false);
});
