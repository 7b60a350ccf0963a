import { describe, expect, it } from 'vitest';
import {
  changeLabels,
  closeProject,
  datasetAt,
  deleteDataset,
  findCopiesBetween,
  getDataset,
  hideDataset,
  leaveCopiesOut,
  openProject,
  readCopyPage,
  readLabelVersions,
  readSampleArrays,
  readSamplePage,
  saveCopies,
  saveCopiesBetween,
  undoLabels,
  type LabelChange,
  type StoredCopy,
  type WritableProject,
} from '../../../../../src/project/index.ts';
import { thisProcess } from '../../../../../src/machine/processes.ts';
import { countedTargets } from '../../../../../src/project/stores/data/target-counts.ts';
import { ROWS_AT_ONCE } from '../../../../../src/project/stores/data/stretches.ts';
import { mostAtOnce } from '../../../../fixtures/breaths.ts';
import { addDataset, sample, temporaryProject, willClose } from '../../../../fixtures/projects.ts';

const COUNT = 2 * ROWS_AT_ONCE + 500;
const HAND = { madeBy: 'hand', tests: false } as const;
/** An old row ends and a new one begins; beside them the sign of life, and the few rows that publish. */
const MOST_ROWS = 2 * ROWS_AT_ONCE + 10;

/** Cats and dogs in turn; the last ten are test samples, all others train. */
function many() {
  const project = temporaryProject();
  const samples = Array.from({ length: COUNT }, (_, index) =>
    sample(index, { split: index < COUNT - 10 ? 0 : 2 }),
  );
  return { project, ...addDataset(project, 'many', samples) };
}

function* labeled(label: string): Generator<LabelChange> {
  for (let position = 0; position < COUNT - 10; position += 1) yield { position, label };
}

const pairs = (): StoredCopy[] =>
  Array.from({ length: COUNT - 20 }, (_, training) => ({
    heldOut: COUNT - 1 - (training % 2),
    training,
    exact: true,
    likeness: 1,
  }));

/** What readers see: of the dataset itself, and of its samples. */
function seen(project: WritableProject, id: string, key: number): string {
  const { dataset } = getDataset(project, id);
  const names = dataset.classes.map(({ name }) => name);
  const total = (filter: object) =>
    readSamplePage(project, key, { offset: 0, limit: 1, ...filter }, names).total;
  const counts = dataset.classes.map(({ train, validation, test }) => train + validation + test);
  const byClass = names.map((_, classId) =>
    ['train', 'validation', 'test'].reduce((sum, split) => sum + total({ classId, split }), 0),
  );
  expect(byClass).toEqual(counts);
  expect(total({ split: 'train' })).toBe(dataset.split.train);
  return JSON.stringify([names, counts, dataset.split.train]);
}

/** All that readers see while something goes on, in its order. */
async function seenWhile(look: () => string, work: () => Promise<unknown>): Promise<string[]> {
  const states = [look()];
  const note = () => {
    const state = look();
    if (state !== states.at(-1)) states.push(state);
  };
  let turn = setImmediate(function again() {
    note();
    turn = setImmediate(again);
  });
  await work().finally(() => clearImmediate(turn));
  note();
  return states;
}

/** Closes the project once there are some of these rows, as a process that is killed leaves it, and opens it again. */
async function cutShort(
  project: WritableProject,
  rows: string,
  work: (project: WritableProject) => Promise<unknown>,
): Promise<WritableProject> {
  const cut = expect(work(project)).rejects.toMatchObject({
    failure: { code: 'dataset.change-cut-short' },
  });
  while (countOf(project, rows) === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(countOf(project, 'dataset_changes')).toBe(1);
  closeProject(project);
  await cut;
  const again = willClose(openProject(project.folder));
  expect(countOf(again, rows)).toBeGreaterThan(0);
  return again;
}

const countOf = (project: WritableProject, rows: string) =>
  project.prepare(`SELECT count(*) FROM ${rows}`).pluck().get() as number;

describe('a change of ten thousand labels', () => {
  it('lets others have their turn, who see the state before and then the state after', async () => {
    const { project, id, key } = many();
    const change = (label: string) => changeLabels(project, id, labeled(label), HAND);
    expect(await mostAtOnce(project, () => change('fox'))).toBeLessThanOrEqual(MOST_ROWS);
    const states = await seenWhile(
      () => seen(project, id, key),
      () => change('dog'),
    );
    expect(states).toEqual([
      JSON.stringify([['cat', 'dog', 'fox'], [5, 5, COUNT - 10], COUNT - 10]),
      JSON.stringify([['cat', 'dog'], [5, COUNT - 5], COUNT - 10]),
    ]);
    // Those that were dogs before differ from the import no more.
    expect(getDataset(project, id).dataset.labels?.changed).toBe((COUNT - 10) / 2);
    expect(countOf(project, 'dataset_changes')).toBe(0);
    let undone: string[] = [];
    const most = await mostAtOnce(project, async () => {
      undone = await seenWhile(
        () => seen(project, id, key),
        () => undoLabels(project, id, 1),
      );
    });
    expect(most).toBeLessThanOrEqual(MOST_ROWS);
    expect(undone).toEqual(states.toReversed());
  });

  it('that is cut short leaves the labels as they were, and the next change clears what it left', async () => {
    const first = many();
    const { id, key } = first;
    await changeLabels(first.project, id, [{ position: 1, label: 'cat' }], HAND);
    const before = seen(first.project, id, key);
    const project = await cutShort(first.project, 'labels WHERE version = 2', (opened) =>
      changeLabels(opened, id, labeled('fox'), HAND),
    );
    expect(seen(project, id, key)).toBe(before);
    const { classIds } = await readSampleArrays(project, key, COUNT);
    expect([...classIds.subarray(0, 4)]).toEqual([0, 0, 0, 1]);

    await changeLabels(project, id, [{ position: 2, label: 'dog' }], HAND);
    expect(countOf(project, 'labels')).toBe(2);
    expect(countOf(project, 'labels WHERE until IS NULL')).toBe(2);
    expect(countOf(project, 'dataset_changes')).toBe(0);
    const now = (await readSampleArrays(project, key, COUNT)).classIds;
    expect([...now.subarray(0, 4)]).toEqual([0, 0, 1, 1]);
    expect(readLabelVersions(project, id, { offset: 0, limit: 9 }).total).toBe(3);
  });

  it('that fails at its end leaves nothing', async () => {
    const { project, id, key } = many();
    const before = seen(project, id, key);
    const all = [...labeled('fox'), { position: COUNT - 1, label: 'fox' }];
    await expect(changeLabels(project, id, all, HAND)).rejects.toThrow(/test sample/);
    expect(seen(project, id, key)).toBe(before);
    expect([countOf(project, 'labels'), countOf(project, 'dataset_changes')]).toEqual([0, 0]);
  });

  it('leaves earlier versions as studies hold them', async () => {
    const { project, id, key } = many();
    await changeLabels(project, id, [{ position: 1, label: 'cat' }], HAND);
    await changeLabels(project, id, labeled('fox'), HAND);
    await changeLabels(project, id, [{ position: 3, label: 'cat' }], HAND);
    const at = async (version: number) => {
      const { dataset } = datasetAt(project, getDataset(project, id), version);
      const { classIds } = await readSampleArrays(project, key, COUNT, version);
      const counted = dataset.classes.map((_, one) => classIds.filter((classId) => classId === one).length);
      expect(dataset.classes.map((one) => one.train + one.validation + one.test)).toEqual(counted);
      return counted;
    };
    const expected = [
      [COUNT / 2, COUNT / 2],
      [COUNT / 2 + 1, COUNT / 2 - 1],
      [5, 5, COUNT - 10],
    ];
    for (const [version, counts] of expected.entries()) expect(await at(version)).toEqual(counts);
    // Also of versions from before their counts were kept.
    project.prepare('UPDATE label_versions SET counts = NULL').run();
    for (const [version, counts] of expected.entries()) expect(await at(version)).toEqual(counts);
  });
});

describe('samples of several labels', () => {
  it('that are left out and come back count as if all were counted anew', async () => {
    const project = temporaryProject();
    // Of the first label a sample has 1 in its even numbers, of the second in every third; some are unknown.
    const samples = Array.from({ length: 12 }, (_, index) =>
      sample(index, {
        classId: -1,
        number: 2,
        split: index < 8 ? 0 : 2,
        targets: new Float32Array([index % 2 === 0 ? 1 : 0, index % 3 === 0 ? 1 : index === 4 ? NaN : 0]),
      }),
    );
    const { id, key } = addDataset(project, 'several', samples, { target: 'labels' });
    const zero = ['a', 'b'].map((name) => ({ name, train: 0, validation: 0, test: 0 }));
    const counted = () => countedTargets(project, key, { target: 'labels', classes: zero });
    project.prepare('UPDATE datasets SET classes = ? WHERE key = ?').run(JSON.stringify(counted()), key);
    const counts = ({ classes }: { classes: unknown }) => classes;
    const out = [0, 3, 5, 8].map((position) => ({ position, leftOut: true }));
    const left = await changeLabels(project, id, out, { madeBy: 'hand', tests: true });
    expect(left.dataset.classes).toEqual([
      { name: 'a', train: 3, validation: 0, test: 1 },
      { name: 'b', train: 1, validation: 0, test: 1 },
    ]);
    expect(counts(left.dataset)).toEqual(counted());
    const copies = [1, 3, 6].map((training) => ({ heldOut: 9, training, exact: true, likeness: 1 }));
    await saveCopies(project, id, copies, 1);
    expect(counts(await leaveCopiesOut(project, id, true))).toEqual(counted());
    expect(getDataset(project, id).dataset.classes[1]).toMatchObject({ train: 0 });
    expect(counts(await leaveCopiesOut(project, id, false))).toEqual(counted());
    expect(counts((await undoLabels(project, id)).dataset)).toEqual(counted());
  });
});

describe('changes of one dataset', () => {
  it('that are asked for at once are made one after the other', async () => {
    const { project, id, key } = many();
    await Promise.all([
      changeLabels(project, id, labeled('fox'), HAND),
      changeLabels(project, id, [{ position: 0, label: 'owl' }], HAND),
      undoLabels(project, id),
      expect(changeLabels(project, id, [{ position: COUNT, label: 'owl' }], HAND)).rejects.toThrow(
        /no sample/,
      ),
      changeLabels(project, id, [{ position: 1, label: 'cat' }], HAND),
    ]);
    const { classes, labels } = getDataset(project, id).dataset;
    expect(classes.map(({ name, train }) => [name, train])).toEqual([
      ['cat', 1],
      ['dog', 0],
      ['fox', COUNT - 11],
    ]);
    expect(labels?.version).toBe(4);
    expect((await readSampleArrays(project, key, 2)).classIds).toEqual(new Int32Array([2, 0]));
  });

  it('wait for a process that lives, and take over from one that does not', async () => {
    const { project, id, key } = many();
    const claim = (pid: number) =>
      project
        .prepare(
          'INSERT OR REPLACE INTO dataset_changes SELECT ?, ?, ?, host, NULL, 0 FROM (SELECT ? AS host)',
        )
        .run(key, 'another', pid, thisProcess().host);
    claim(process.ppid);
    let isDone = false;
    const change = changeLabels(project, id, [{ position: 0, label: 'dog' }], HAND).then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(isDone).toBe(false);
    // No process has this number.
    claim(2 ** 22 + 1);
    project.prepare('INSERT INTO labels VALUES (?, 4, 1, NULL, 1, NULL, 0)').run(key);
    await change;
    expect(countOf(project, 'labels')).toBe(1);
  });

  it('end where the dataset is being deleted', async () => {
    const { project, id } = many();
    hideDataset(project, id);
    const change = expect(changeLabels(project, id, labeled('fox'), HAND)).rejects.toMatchObject({
      failure: { code: 'dataset.missing' },
    });
    await new Promise((resolve) => setImmediate(resolve));
    await deleteDataset(project, id);
    await change;
    expect(countOf(project, 'labels')).toBe(0);
  });
});

describe('ten thousand copies', () => {
  it('are listed, left out and brought back in pieces; readers see each at once', async () => {
    const { project, id, key } = many();
    const states: string[][] = [];
    const listed = () => {
      const { copies } = getDataset(project, id).dataset;
      const { total } = readCopyPage(project, id, { offset: 0, limit: 1 });
      return `${seen(project, id, key)} ${total} ${copies?.training} ${copies?.leftOutAt === null}`;
    };
    const most = await mostAtOnce(project, async () => {
      for (const work of [
        () => saveCopies(project, id, pairs(), 1),
        () => saveCopies(project, id, pairs().slice(5), 1),
        () => leaveCopiesOut(project, id, true),
        () => leaveCopiesOut(project, id, false),
      ])
        states.push(await seenWhile(listed, work));
    });
    expect(most).toBeLessThanOrEqual(MOST_ROWS);
    const all = JSON.stringify([['cat', 'dog'], [COUNT / 2, COUNT / 2], COUNT - 10]);
    // Samples 0 to 4 are no copies, nor are the ten before the test samples.
    const rest = JSON.stringify([['cat', 'dog'], [3 + 5 + 5, 2 + 5 + 5], 15]);
    const [first, second] = [COUNT - 20, COUNT - 25];
    expect(states).toEqual([
      [`${all} 0 undefined false`, `${all} ${first} ${first} true`],
      [`${all} ${first} ${first} true`, `${all} ${second} ${second} true`],
      [`${all} ${second} ${second} true`, `${rest} ${second} ${second} false`],
      [`${rest} ${second} ${second} false`, `${all} ${second} ${second} true`],
    ]);
    expect(getDataset(project, id).dataset.copies).toMatchObject({ heldOut: 2, test: 2 });
    expect(countOf(project, 'copies')).toBe(second);
    expect(countOf(project, 'samples WHERE split = 3')).toBe(0);
  });

  it('that are cut short leave what counted before, and the next change clears what is left', async () => {
    const first = many();
    const { id, key } = first;
    await saveCopies(first.project, id, pairs(), 1);
    const before = seen(first.project, id, key);
    const listing = await cutShort(first.project, 'copies WHERE search = 2', (project) =>
      saveCopies(project, id, pairs(), 1),
    );
    expect(readCopyPage(listing, id, { offset: 0, limit: 1 }).total).toBe(COUNT - 20);
    const leaving = await cutShort(listing, 'samples WHERE split = 3', (project) =>
      leaveCopiesOut(project, id, true),
    );
    expect(countOf(leaving, 'copies')).toBe(COUNT - 20);
    expect(seen(leaving, id, key)).toBe(before);
    const { splits } = await readSampleArrays(leaving, key, COUNT);
    expect(splits.filter((code) => code === 0)).toHaveLength(COUNT - 10);

    const { split } = await leaveCopiesOut(leaving, id, true);
    expect(split.train).toBe(10);
    expect(countOf(leaving, 'samples WHERE split = 3')).toBe(COUNT - 20);
    expect(await leaveCopiesOut(leaving, id, false)).toMatchObject({ split: { train: COUNT - 10 } });
  });

  it('between datasets take the place of those found before at once, or not at all', async () => {
    const first = many();
    const other = addDataset(
      first.project,
      'other',
      Array.from({ length: COUNT }, (_, at) => sample(at)),
    );
    const save = (project: WritableProject, found: StoredCopy[]) =>
      saveCopiesBetween(project, getDataset(project, first.id), getDataset(project, other.id), found, 1);
    const found = (project: WritableProject) => findCopiesBetween(project, 'many', 'other')?.seen ?? null;

    const begun = await cutShort(first.project, 'copies_between', (project) => save(project, pairs()));
    expect(found(begun)).toBeNull();
    const states = await seenWhile(
      () => String(found(begun)),
      () => save(begun, pairs()),
    );
    expect(states).toEqual(['null', String(COUNT - 20)]);
    expect(await mostAtOnce(begun, () => save(begun, pairs().slice(7)))).toBeLessThanOrEqual(MOST_ROWS);
    expect([found(begun), countOf(begun, 'copies_between')]).toEqual([COUNT - 27, COUNT - 27]);
  });
});
