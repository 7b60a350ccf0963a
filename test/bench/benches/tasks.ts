/**
 * What each pretext task is worth on the sample data: a linear probe on the encoder after a short run by the task's
 * own defaults, against the same probe on random weights.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { parse } from 'yaml';
import { recipeSchema, type Modality } from '../../../src/contract/recipe.ts';
import type { DatasetSelection } from '../../../src/contract/trainer.ts';
import { importDataset } from '../../../src/data/index.ts';
import { pretextTasks } from '../../../src/learning/pretext/registry.ts';
import type { BenchRow } from '../document.ts';
import { startWorker } from '../worker.ts';
import type { BenchContext } from './context.ts';
import type { TaskSetting } from './task-setting.ts';

const samples: { recipe: string; modality: Modality; epochs: number }[] = [
  { recipe: 'chest-x-rays.yaml', modality: 'image', epochs: 6 },
  { recipe: 'wrist-gestures.yaml', modality: 'signal', epochs: 6 },
];
/** Fewer where fewer rounds are asked for. */
const SEEDS = [1, 2, 3];
const RUNS_AT_ONCE = 2;

/** One row a task and kind of data: balanced accuracy on test samples, mean over seeds. */
export async function taskBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { recipe, modality, epochs } of samples) {
    const { selection, name, shape } = await storeSample(context.folder, recipe);
    const random = new Map<string, number>();
    for (const { id, encoder } of tasksFor(modality, shape)) {
      if (context.only && !context.only.includes(id)) continue;
      const scores = (task: string | null) =>
        scoresOf(context, { task, encoder, epochs, selection, name: `${recipe}-${task ?? encoder}` });
      const before = random.get(encoder) ?? mean(await scores(null));
      random.set(encoder, before);
      const after = await scores(id);
      context.say(`task: ${name}, ${id} (${encoder}): ${mean(after)}, random weights ${before}`);
      rows.push(taskRow(`${id}, ${name}`, after, before));
    }
  }
  return rows;
}

/** Kept apart from the runs, so that it can be tested. */
export function taskRow(name: string, after: readonly number[], before: number): BenchRow {
  const ours = mean(after);
  return {
    bench: 'task',
    case: name,
    unit: 'balanced accuracy',
    ours,
    peer: before,
    peerName: 'random weights',
    ratio: ours / before,
    spread: Math.max(...after) - Math.min(...after),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Tasks for that kind of data, each with the residual network or the first family that it can use. */
function tasksFor(modality: Modality, shape: readonly number[]): { id: string; encoder: string }[] {
  return pretextTasks
    .filter((task) => task.modalities.includes(modality))
    .filter(({ channels }) => {
      const found = shape.at(-1)!;
      return !channels || (found >= channels.least && found <= (channels.most ?? found));
    })
    .map(({ id, encoders }) => ({
      id,
      encoder: !encoders || encoders.includes('residual') ? 'residual' : encoders[0]!,
    }));
}

interface Series {
  task: string | null;
  encoder: string;
  epochs: number;
  selection: string;
  name: string;
}

/** The scores of all seeds, as many runs at once as are useful on two cores. */
async function scoresOf(context: BenchContext, series: Series): Promise<number[]> {
  const scores: number[] = [];
  const waiting = [...SEEDS.slice(0, context.rounds).entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [place, seed] = next;
      scores[place] = await scoreOf(context, series, seed);
    }
  };
  await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
  return scores;
}

async function scoreOf(context: BenchContext, series: Series, seed: number): Promise<number> {
  const { task, encoder, epochs, selection, name } = series;
  const work = join(context.folder, `${name}-${seed}`);
  mkdirSync(join(work, 'checkpoints'), { recursive: true });
  const output = join(work, 'score.json');
  const setting: TaskSetting = { task, encoder, seed, epochs, selection, work, output };
  const worker = await startWorker('task.ts', setting, context.python);
  await worker.run(1);
  await worker.end();
  const { score } = JSON.parse(readFileSync(output, 'utf8')) as { score: number };
  rmSync(work, { recursive: true });
  return score;
}

/** Imports the data of a sample study as its recipe says. */
async function storeSample(folder: string, recipeName: string) {
  const file = fileURLToPath(new URL(`../../../samples/${recipeName}`, import.meta.url));
  const recipe = recipeSchema.parse(parse(readFileSync(file, 'utf8')));
  const [name, options] = Object.entries(recipe.data.import)[0]!;
  const shard = join(folder, `${name}.bin`);
  const imported = await importDataset({
    path: resolve(dirname(file), options.path),
    options,
    shardFile: shard,
  });
  const classNames = imported.classes.map((entry) => entry.name);
  const dataset: DatasetSelection = {
    name,
    modality: imported.modality,
    shape: imported.shape,
    dtype: imported.dtype,
    shard,
    offsets: Float64Array.from(imported.samples.offsets),
    splits: Uint8Array.from(imported.samples.splits),
    classIds: Int32Array.from(imported.samples.labels!, (label) =>
      label === null ? -1 : classNames.indexOf(label),
    ),
    numbers: new Float32Array(0),
    classNames,
    channelStatistics: imported.channelStatistics,
  };
  const selection = join(folder, `${name}.selection`);
  writeFileSync(selection, serialize(dataset));
  return { selection, name, shape: imported.shape };
}
