/**
 * `node test/torture/many-rows.ts [count]`: a dataset of so many samples and as many issues is written down, all of its
 * labels are changed, undone and changed by a file, as many pairs of copies are listed, left out and brought back, and
 * it is deleted. Tells how long each took, and the longest that anybody else had to wait meanwhile. Exit status 1 where that comes
 * near the time after which an owner of the queue is taken for dead.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { importSchema } from '../../src/contract/recipe/recipe.ts';
import {
  changeLabels,
  closeProject,
  createProject,
  datasetAt,
  deleteDataset,
  findCopiesBetween,
  getDataset,
  HEARTBEAT_MS,
  insertHiddenDataset,
  insertIssues,
  insertSamples,
  leaveCopiesOut,
  saveCopies,
  saveCopiesBetween,
  showDataset,
  undoLabels,
  type StoredCopy,
} from '../../src/project/index.ts';
import { ROWS_AT_ONCE } from '../../src/project/stores/data/stretches.ts';
import { importLabels } from '../../src/service/datasets/label-files.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'pretext-many-rows-'));
const project = createProject(join(folder, 'a.pretext'), 'A', '0');
const breathe = () => new Promise((resolve) => setImmediate(resolve));
let worstMs = 0;

async function measured(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  let [last, longestMs] = [began, 0];
  const look = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  };
  let turn = setImmediate(function again() {
    look();
    turn = setImmediate(again);
  });
  await work();
  look();
  clearImmediate(turn);
  const seconds = (performance.now() - began) / 1000;
  worstMs = Math.max(worstMs, longestMs);
  console.log(`${what}: ${seconds.toFixed(1)} s, others waited ${longestMs.toFixed(0)} ms at most`);
}

async function inChunks(write: (first: number, places: number[]) => void): Promise<void> {
  for (let first = 0; first < count; first += ROWS_AT_ONCE) {
    write(
      first,
      Array.from({ length: Math.min(ROWS_AT_ONCE, count - first) }, (_, index) => first + index),
    );
    await breathe();
  }
}

const every = (most: number) => Array.from({ length: most }, (_, index) => index);

/** `count` pairs, three with each of the first training samples, of which there are `count` / 3. */
const pairs = (): StoredCopy[] =>
  every(count - 30).map((index) => ({
    heldOut: 2 + 3 * (index % 3),
    training: 3 * Math.floor(index / 3),
    exact: true,
    likeness: 1,
  }));

async function changeAndUndo(id: string): Promise<void> {
  const everySample = (label: (place: number) => string) =>
    every(count).map((position) => ({ position, label: label(position) }));
  const ways = { madeBy: 'hand', tests: true } as const;
  await measured('one label changed', async () =>
    changeLabels(project, id, [{ position: 5, label: 'other' }], ways),
  );
  await measured(`${count} labels changed`, async () =>
    changeLabels(
      project,
      id,
      everySample((place) => `class ${(place + 1) % 10}`),
      ways,
    ),
  );
  await measured('their counts before that read', async () => {
    datasetAt(project, getDataset(project, id), 1);
  });
  await measured('one label changed', async () =>
    changeLabels(project, id, [{ position: 5, label: 'other' }], ways),
  );
  await measured('undone', async () => undoLabels(project, id, 1));
  for (const [named, line] of [
    ['numbers', (place: number) => `${place},,class ${(place + 2) % 10}\n`],
    ['files', (place: number) => `,pictures/of/cells/${place}.png,class ${(place + 3) % 10}\n`],
  ] as const) {
    const file = join(folder, `labels by ${named}.csv`);
    await pipeline(
      Readable.from(
        (function* () {
          yield 'sample,source,label\n';
          for (let place = 0; place < count; place += 1) yield line(place);
        })(),
      ),
      createWriteStream(file),
    );
    await measured(`a file with ${count} labels by ${named} taken`, async () =>
      importLabels(project, id, { file, tests: true, emptyRemoves: false }),
    );
  }
}

async function listCopies(id: string): Promise<void> {
  const [first, second] = [pairs(), pairs()];
  await measured(`${first.length} pairs of copies listed`, async () => saveCopies(project, id, first, 1));
  await measured('listed again', async () => saveCopies(project, id, second, 1));
  await measured('left out', async () => leaveCopiesOut(project, id, true));
  await measured('brought back', async () => leaveCopiesOut(project, id, false));
  const stored = getDataset(project, id);
  await measured('listed as copies between', async () =>
    saveCopiesBetween(project, stored, stored, first, 1),
  );
  await measured('and counted', async () => {
    findCopiesBetween(project, stored.dataset.name, stored.dataset.name);
  });
}

try {
  const key = insertHiddenDataset(project, {
    dataset: {
      id: 'manyrows22',
      name: 'many',
      modality: 'image',
      shape: [1, 1, 1],
      dtype: 'uint8',
      sampleCount: count,
      labeledCount: count,
      target: 'classes',
      classes: every(10).map((place) => ({
        name: `class ${place}`,
        train: count,
        validation: count,
        test: count,
      })),
      split: { rule: { by: 'folder' }, by: 'folder', train: count, validation: 0, test: 0, groups: 0 },
      channelStatistics: { mean: [0], standardDeviation: [1] },
      issueCounts: { leftOut: count, noted: 0 },
      source: folder,
      bytes: count,
      importSeconds: 0,
      createdAt: new Date(0).toISOString(),
    },
    shard: 'manyrows22.shard',
    importOptions: importSchema.parse({ path: folder }),
  });
  await measured(`${count} samples written`, () =>
    inChunks((first, places) =>
      insertSamples(
        project,
        key,
        first,
        places.map((place) => ({
          source: `pictures/of/cells/${place}.png`,
          byteOffset: place,
          classId: place % 10,
          number: null,
          group: `patient ${place % 500}`,
          split: place % 3,
        })),
      ),
    ),
  );
  await measured(`${count} issues written`, () =>
    inChunks((first, places) =>
      insertIssues(
        project,
        key,
        first,
        places.map((place) => ({
          file: `pictures/of/cells/${place}.png`,
          reason: 'broken',
          message: 'The file ends before the picture does. Copy it again from where it came from.',
          severity: 'left-out' as const,
        })),
      ),
    ),
  );
  showDataset(project, 'manyrows22');
  await changeAndUndo('manyrows22');
  await listCopies('manyrows22');
  await measured('all deleted', () => deleteDataset(project, 'manyrows22'));
  process.exitCode = worstMs > HEARTBEAT_MS ? 1 : 0;
} finally {
  closeProject(project);
  rmSync(folder, { recursive: true });
}
