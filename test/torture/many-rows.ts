/**
 * `node test/torture/many-rows.ts [count]`: a dataset of so many samples and as many issues is written down and deleted.
 * Tells how long each took, and the longest that anybody else had to wait meanwhile. Exit status 1 where that comes
 * near the time after which an owner of the queue is taken for dead.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { importSchema } from '../../src/contract/recipe/recipe.ts';
import {
  closeProject,
  createProject,
  deleteDataset,
  HEARTBEAT_MS,
  insertHiddenDataset,
  insertIssues,
  insertSamples,
} from '../../src/project/index.ts';
import { ROWS_AT_ONCE } from '../../src/project/stores/data/stretches.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'pretext-many-rows-'));
const project = createProject(join(folder, 'a.pretext'), 'A', '0');
const breathe = () => new Promise((resolve) => setImmediate(resolve));
let worstMs = 0;

async function measured(what: string, work: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  delay.disable();
  const longestMs = delay.max / 1e6;
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
      classes: [],
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
  await measured('all deleted', () => deleteDataset(project, 'manyrows22'));
  process.exitCode = worstMs > HEARTBEAT_MS ? 1 : 0;
} finally {
  closeProject(project);
  rmSync(folder, { recursive: true });
}
