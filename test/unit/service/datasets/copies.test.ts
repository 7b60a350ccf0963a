import { expect, it } from 'vitest';
import { LEFT_OUT_CODE } from '../../../../src/contract/data/splits/split.ts';
import {
  findCopiesBetween,
  findDataset,
  readPairsBetween,
  shardFile,
} from '../../../../src/project/index.ts';
import {
  searchBeforePretraining,
  searchCopies,
  searchCopiesBetween,
  sourceOf,
} from '../../../../src/service/datasets/copies.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { addImages } from '../../../fixtures/waiting-studies.ts';

const images = (project: ReturnType<typeof temporaryProject>, name: string, all: [number, number][]) =>
  addImages(
    project,
    name,
    all.map(([split], at) => sample(at, { split })),
    all.map(([, picture]) => picture),
  );

it('counts held-out samples with a copy in training, and keeps the count with the dataset', async () => {
  const project = temporaryProject();
  // Two training samples are the validation sample, one is the test sample.
  const { id } = images(project, 'a', [
    [0, 1],
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 1],
    [2, 2],
    [2, 9],
  ]);
  const dataset = await searchCopies(project, id, {});
  expect(dataset.copies).toMatchObject({ heldOut: 2, test: 1, training: 3, leftOutAt: null });
  expect(findDataset(project, 'a')!.dataset.copies).toEqual(dataset.copies);
});

it('looks for held-out samples of one among the training samples of another, left out ones too', async () => {
  const project = temporaryProject();
  images(project, 'a', [
    [0, 1],
    [1, 2],
    [2, 3],
    [2, 4],
    [2, 5],
  ]);
  images(project, 'many', [
    [0, 1],
    [0, 3],
    [LEFT_OUT_CODE, 4],
    [2, 5],
    [1, 2],
  ]);
  const [heldOut, seen] = [findDataset(project, 'a')!, findDataset(project, 'many')!];
  const found = await searchCopiesBetween(project, heldOut, seen);
  // Pictures 3 and 4; 5 and 2 are held out on both sides, and 1 is training on both.
  expect(found).toMatchObject({ dataset: 'many', comparable: true, heldOut: 2, test: 2, exact: 2, seen: 2 });
  const pairs = readPairsBetween(project, heldOut.dataset.id, seen.dataset.id, { offset: 0, limit: 9 });
  expect(pairs.pairs.map((pair) => [pair.heldOut.index, pair.training.index, pair.exact])).toEqual([
    [2, 1, true],
    [3, 2, true],
  ]);
});

it('says that two cannot be compared where their windows differ', async () => {
  const project = temporaryProject();
  const signal = { modality: 'signal', dtype: 'float32' } as const;
  addDataset(project, 'a', [sample(0, { split: 2 })], { ...signal, shape: [8, 2] });
  addDataset(project, 'b', [sample(0)], { ...signal, shape: [9, 2] });
  const found = await searchCopiesBetween(project, findDataset(project, 'a')!, findDataset(project, 'b')!);
  expect(found).toMatchObject({ comparable: false, heldOut: 0, seen: 0 });
});

it('makes sure before pretraining that each other dataset was looked into, once', async () => {
  const project = temporaryProject();
  images(project, 'a', [
    [0, 1],
    [2, 2],
  ]);
  images(project, 'b', [[0, 2]]);
  const { signal } = new AbortController();
  await searchBeforePretraining(project, ['a', 'b', 'gone'], 'a', signal);
  const first = findCopiesBetween(project, 'a', 'b')!;
  expect(first).toMatchObject({ heldOut: 1, test: 1 });
  expect(findCopiesBetween(project, 'a', 'a')).toBeNull();
  await searchBeforePretraining(project, ['b'], 'a', AbortSignal.abort());
  expect(findCopiesBetween(project, 'a', 'b')).toEqual(first);
  // Nobody waits for it any more: nothing is kept of half a search.
  await expect(searchBeforePretraining(project, ['a'], 'b', AbortSignal.abort())).rejects.toThrow();
  expect(findCopiesBetween(project, 'b', 'a')).toBeNull();
});

it('takes samples from where the dataset lies, in their order', async () => {
  const project = temporaryProject();
  images(project, 'a', [
    [0, 1],
    [2, 2],
  ]);
  const stored = findDataset(project, 'a')!;
  expect(await sourceOf(project, stored)).toEqual({
    name: 'a',
    modality: 'image',
    shape: [16, 16, 1],
    dtype: 'uint8',
    shardFile: shardFile(project.folder, stored.shard),
    offsets: Float64Array.of(0, 256),
    splits: Uint8Array.of(0, 2),
  });
});
