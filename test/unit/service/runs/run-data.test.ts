import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import {
  changeLabels,
  getDataset,
  getRun,
  insertRuns,
  shardFile,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { planRuns } from '../../../../src/service/recipes/plan.ts';
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

it('reads every recording in its own scale where the study says so, and another hash tells it', async () => {
  const project = temporaryProject();
  const windows = [0, 400, 800].map((byteOffset, at) =>
    sample(at, { byteOffset, recording: at === 2 ? 1 : 0 }),
  );
  const { id } = addDataset(project, 'arm', windows, {
    modality: 'signal',
    shape: [50, 2],
    dtype: 'float32',
  });
  const stored = getDataset(project, id);
  // Windows of the first recording hold 0 to 99 and twice that; of the second 5, and 1 and 3 in turn.
  const rows = [
    ...Array.from({ length: 100 }, (_, at) => [at, 2 * at]),
    ...Array.from({ length: 50 }, (_, at) => [5, at % 2 === 0 ? 1 : 3]),
  ];
  mkdirSync(join(project.folder, 'shards'), { recursive: true });
  writeFileSync(
    shardFile(project.folder, stored.shard),
    new Uint8Array(Float32Array.from(rows.flat()).buffer),
  );
  const read = (scale?: 'recording') => {
    const recipe = recipeSchema.parse({ name: 'A', data: { pretrain: ['arm'], scale }, pretext: {} });
    const [planned] = planRuns(recipe);
    const study = addStudy(project, recipe);
    const [run] = insertRuns(project, study, [planned!]);
    return readRunData(project, getRun(project, run!));
  };
  const [asStored, scaled] = [await read(), await read('recording')];
  expect(asStored.contents[0]!.recordingScales).toBeUndefined();
  const { recordingScales, channelStatistics } = scaled.contents[0]!;
  expect([...recordingScales!.starts]).toEqual([0, 800]);
  expect([...recordingScales!.means]).toEqual([49.5, 99, 5, 2]);
  const deviation = Math.sqrt((100 ** 2 - 1) / 12);
  [deviation, 2 * deviation, 1, 1].forEach((value, at) =>
    expect(recordingScales!.deviations[at]).toBeCloseTo(value, 9),
  );
  expect(channelStatistics).toEqual({ mean: [0, 0], standardDeviation: [1, 1] });
  expect(scaled.hash).not.toBe(asStored.hash);
  // Kept beside the shard: the same without reading it again.
  writeFileSync(shardFile(project.folder, stored.shard), '');
  expect((await read('recording')).contents[0]!.recordingScales).toEqual(recordingScales);
});

it('has groups only where there are some', async () => {
  const { project, id } = planned();
  expect(await groupsOf(project, getDataset(project, id))).toEqual({});
});

it('knows which facts about a sample need its recording', () => {
  expect(inRecordings(['time'])).toBe(true);
  expect(inRecordings(['group'])).toBe(false);
});
