import { describe, expect, it } from 'vitest';
import {
  changeLabels,
  countPartedGroups,
  datasetAt,
  deleteDataset,
  findHeldDataset,
  getDataset,
  holdLabels,
  leaveCopiesOut,
  readHeldLabels,
  readLabelVersions,
  readSampleArrays,
  readSamplePage,
  saveCopies,
  studiesByLabels,
  undoLabels,
  updateRun,
  type LabelChange,
  type WritableProject,
} from '../../../../../src/project/index.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../../fixtures/projects.ts';

const HAND = { madeBy: 'hand', tests: false } as const;
const failing = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

/** Samples 0 to 7, cats and dogs in turn, 7 without a label: 0 to 3 train, 4 and 5 validation, 6 and 7 test. */
function eight() {
  const project = temporaryProject();
  const samples = [0, 1, 2, 3, 4, 5, 6, 7].map((index) =>
    sample(index, {
      split: index < 4 ? 0 : index < 6 ? 1 : 2,
      ...(index === 7 && { classId: -1 }),
      group: `g${index % 4}`,
    }),
  );
  const { id, key } = addDataset(project, 'small', samples);
  const change = (changes: LabelChange[], options: { madeBy: 'hand' | 'file'; tests: boolean } = HAND) =>
    changeLabels(project, id, changes, options);
  return { project, id, key, change };
}

async function labelsOf(project: WritableProject, key: number, version?: number) {
  const { classIds, splits } = await readSampleArrays(project, key, 8, version);
  return { classIds: [...classIds], splits: [...splits] };
}

describe('labels', () => {
  it('are changed beside the import, and counted', async () => {
    const { project, key, id, change } = eight();
    const { dataset, version, samples } = await change([
      { position: 0, label: 'dog' },
      { position: 1, label: 'fox' },
      { position: 2, leftOut: true },
      { position: 3, label: 'dog' },
    ]);
    expect({ version, samples }).toEqual({ version: 1, samples: 3 });
    expect(dataset.classes).toEqual([
      { name: 'cat', train: 0, validation: 1, test: 1 },
      { name: 'dog', train: 2, validation: 1, test: 0 },
      { name: 'fox', train: 1, validation: 0, test: 0 },
    ]);
    expect(dataset.split).toMatchObject({ train: 3, validation: 2, test: 2 });
    expect(dataset.labeledCount).toBe(6);
    expect(dataset.labels).toMatchObject({ version: 1, changed: 3 });
    expect(getDataset(project, id).dataset).toEqual(dataset);
    expect(await labelsOf(project, key)).toEqual({
      classIds: [1, 2, 0, 1, 0, 1, 0, -1],
      splits: [0, 0, 3, 0, 1, 1, 2, 2],
    });
    expect(project.prepare('SELECT class_id, split FROM samples WHERE position = 0').get()).toEqual({
      class_id: 0,
      split: 0,
    });
  });

  it('are told with what they were, and found by what they are', async () => {
    const { project, key, id, change } = eight();
    await change([
      { position: 0, label: 'dog' },
      { position: 1, label: null },
      { position: 2, leftOut: true },
    ]);
    const names = getDataset(project, id).dataset.classes.map(({ name }) => name);
    const page = (filter: object) => {
      const { total, samples } = readSamplePage(project, key, { offset: 0, limit: 9, ...filter }, names);
      expect(total).toBe(samples.length);
      return samples.map(({ index }) => index);
    };
    expect(page({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(page({ classId: 1 })).toEqual([0, 3, 5]);
    expect(page({ classId: 0 })).toEqual([2, 4, 6]);
    expect(page({ classId: 0, split: 'train' })).toEqual([]);
    expect(page({ classId: -1 })).toEqual([1, 7]);
    expect(page({ split: 'train' })).toEqual([0, 1, 3]);
    expect(page({ changed: true })).toEqual([0, 1, 2]);
    expect(page({ changed: true, split: 'train' })).toEqual([0, 1]);
    const { samples } = readSamplePage(project, key, { offset: 0, limit: 4 }, names);
    expect(samples).toEqual([
      { index: 0, source: '0.png', label: 'dog', importedLabel: 'cat', group: 'g0', split: 'train' },
      { index: 1, source: '1.png', label: null, importedLabel: 'dog', group: 'g1', split: 'train' },
      { index: 2, source: '2.png', label: 'cat', group: 'g2', split: 'left-out', leftOutOf: 'train' },
      { index: 3, source: '3.png', label: 'dog', group: 'g3', split: 'train' },
    ]);
  });

  it('of every version can be read, with classes and counts as they were', async () => {
    const { project, key, id, change } = eight();
    const counts = ({ classes, split, labeledCount }: Awaited<ReturnType<typeof change>>['dataset']) => ({
      classes,
      split,
      labeledCount,
    });
    const states = [getDataset(project, id).dataset];
    states.push((await change([{ position: 0, label: 'fox' }])).dataset);
    states.push((await change([{ position: 0, label: 'dog' }])).dataset);
    states.push(
      (
        await change([
          { position: 5, label: 'owl' },
          { position: 3, leftOut: true },
        ])
      ).dataset,
    );
    states.push((await change([{ position: 3, leftOut: false }])).dataset);
    const arrays = [1, 0, 1, 0, 1, 0, -1];
    expect(states[2]!.classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
    for (const [version, state] of states.entries()) {
      const { dataset, labelVersion } = datasetAt(project, getDataset(project, id), version);
      expect(counts(dataset), `version ${version}`).toEqual(counts(state));
      expect(labelVersion).toBe(version);
    }
    expect((await labelsOf(project, key, 0)).classIds).toEqual([0, ...arrays]);
    expect((await labelsOf(project, key, 1)).classIds).toEqual([2, ...arrays]);
    expect((await labelsOf(project, key, 2)).classIds).toEqual([1, ...arrays]);
    expect(await labelsOf(project, key, 3)).toEqual({
      classIds: [1, 1, 0, 1, 0, 2, 0, -1],
      splits: [0, 0, 0, 3, 1, 1, 2, 2],
    });
    // Class 2 was a fox once and is an owl now.
    expect(datasetAt(project, getDataset(project, id), 1).dataset.classes[2]?.name).toBe('fox');
    expect(getDataset(project, id).dataset.classes[2]?.name).toBe('owl');
  });

  it('are undone change by change, back to the import', async () => {
    const { project, key, id, change } = eight();
    const before = getDataset(project, id).dataset;
    await change([{ position: 0, label: 'dog' }]);
    await change([
      { position: 1, label: 'fox' },
      { position: 0, label: 'fox' },
    ]);
    expect(await undoLabels(project, id)).toMatchObject({ version: 3, samples: 2 });
    expect((await labelsOf(project, key)).classIds).toEqual([1, 1, 0, 1, 0, 1, 0, -1]);
    const { dataset } = await undoLabels(project, id);
    const { labels, ...rest } = dataset;
    expect(rest).toEqual(before);
    expect(labels).toMatchObject({ version: 4, changed: 0 });
    await expect(undoLabels(project, id)).rejects.toThrow(failing('labels.nothing-to-undo'));
    // Even an undo can be gone back on, and a change after it is undone first.
    expect((await undoLabels(project, id, 2), await labelsOf(project, key)).classIds[1]).toBe(2);
    await change([{ position: 4, label: 'dog' }]);
    await undoLabels(project, id);
    expect((await labelsOf(project, key)).classIds).toEqual([2, 2, 0, 1, 0, 1, 0, -1]);
    await expect(undoLabels(project, id, 99)).rejects.toThrow(failing('labels.no-version'));
    const { total, versions } = readLabelVersions(project, id, { offset: 0, limit: 2 });
    expect(total).toBe(8);
    expect(versions).toMatchObject([
      { version: 7, madeBy: 'undo', samples: 1, restores: 2 },
      { version: 6, madeBy: 'hand', samples: 1, tests: 0, restores: null },
    ]);
  });

  it('of test samples change only where somebody was asked', async () => {
    const { project, id, change } = eight();
    const mixed = [
      { position: 0, label: 'dog' },
      { position: 6, label: 'dog' },
      { position: 7, leftOut: true },
    ];
    await expect(change(mixed)).rejects.toThrow(failing('labels.test'));
    expect(getDataset(project, id).dataset.labels).toBeUndefined();
    expect(await change(mixed, { madeBy: 'hand', tests: true })).toMatchObject({ samples: 3, tests: 2 });
    expect(getDataset(project, id).dataset.split.test).toBe(1);
  });

  it('make no version where nothing differs, and refuse samples that are not there', async () => {
    const { project, id, change } = eight();
    expect(await change([{ position: 0, label: 'cat', leftOut: false }])).toMatchObject({
      version: 0,
      samples: 0,
    });
    expect(getDataset(project, id).dataset.labels).toBeUndefined();
    await expect(change([{ position: 8, label: 'cat' }])).rejects.toThrow(failing('labels.no-sample'));
  });

  it('that are numbers take numbers alone', async () => {
    const project = temporaryProject();
    const numbers = [1.5, null].map((number, index) => sample(index, { classId: -1, number }));
    const { id, key } = addDataset(project, 'ages', numbers, {
      target: 'number',
      classes: [],
      labeledCount: 1,
    });
    const change = async (label: string | number | null) =>
      (await changeLabels(project, id, [{ position: 1, label }], HAND)).dataset;
    expect((await change('2.25')).labeledCount).toBe(2);
    expect([...(await readSampleArrays(project, key, 2)).numbers]).toEqual([1.5, 2.25]);
    await expect(change('old')).rejects.toThrow(failing('labels.not-a-number'));
    await expect(change(' ')).rejects.toThrow(failing('labels.not-a-number'));
    expect((await change(null)).labeledCount).toBe(1);
  });

  it('and copies that are left out keep their counts apart', async () => {
    const { project, id, change } = eight();
    const before = getDataset(project, id).dataset;
    await saveCopies(project, id, [{ heldOut: 6, training: 0, exact: true, likeness: 1 }], 1);
    await leaveCopiesOut(project, id, true);
    await expect(change([{ position: 0, leftOut: false }])).rejects.toThrow(
      failing('labels.left-out-as-copy'),
    );
    expect(
      (
        await change([
          { position: 0, leftOut: true },
          { position: 0, label: 'dog' },
        ])
      ).dataset.split.train,
    ).toBe(3);
    expect((await leaveCopiesOut(project, id, false)).split.train).toBe(3);
    const { dataset } = await undoLabels(project, id);
    expect(dataset.split).toEqual(before.split);
    expect(dataset.classes).toEqual(before.classes);
  });

  it('left out part no group', async () => {
    const project = temporaryProject();
    const samples = [0, 1].map((index) => sample(index, { split: index, group: 'a' }));
    const { id, key } = addDataset(project, 'small', samples);
    expect(countPartedGroups(project, key, 0)).toBe(1);
    await changeLabels(project, id, [{ position: 0, leftOut: true }], HAND);
    expect(countPartedGroups(project, key, 1)).toBe(0);
    expect(countPartedGroups(project, key, 0)).toBe(1);
  });

  it('go with their dataset', async () => {
    const { project, id, change } = eight();
    await change([{ position: 0, label: 'dog' }]);
    await deleteDataset(project, id);
    for (const table of ['labels', 'label_versions'])
      expect(project.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  });
});

describe('a study', () => {
  it('holds the labels that it began with', async () => {
    const { project, id, change } = eight();
    await change([{ position: 0, label: 'dog' }]);
    const first = addStudy(project);
    holdLabels(project, first, ['small', 'not there']);
    await change([{ position: 1, label: 'cat' }]);
    holdLabels(project, first, ['small']);
    const second = addStudy(project);
    holdLabels(project, second, ['small']);
    expect(readHeldLabels(project, first)).toEqual({ [id]: 1 });
    expect(readHeldLabels(project, second)).toEqual({ [id]: 2 });
    const found = findHeldDataset(project, readHeldLabels(project, first), 'small');
    expect(found).toMatchObject({ labelVersion: 1, dataset: { classes: [{ train: 1 }, { train: 3 }] } });
    expect(findHeldDataset(project, {}, 'small')?.labelVersion).toBe(2);
    expect([...studiesByLabels(project, id).keys()].toSorted()).toEqual([1, 2]);
  });

  it('that began before labels had versions holds those of the import', async () => {
    const { project, id, change } = eight();
    const study = addStudy(project);
    updateRun(project, addRun(project, study).id, { selectionHash: 'of the labels as they were' });
    await change([{ position: 0, label: 'dog' }]);
    holdLabels(project, study, ['small']);
    expect(readHeldLabels(project, study)).toEqual({ [id]: 0 });
  });
});
