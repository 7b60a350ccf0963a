/**
 * Pretraining on table rows beside PyTorch: the same rows, network, first weights, loss, optimizer and settings, each
 * side with its own randomness; and boosted trees beside scikit-learn's.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoredColumn } from '../../../src/contract/data/columns.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import { importDataset } from '../../../src/data/index.ts';
import { fitClassProbe } from '../../../src/learning/evaluation/probes/linear-probe.ts';
import { selectRows, type FeatureMatrix } from '../../../src/learning/evaluation/probes/features.ts';
import { largestClass, softmaxRows } from '../../../src/learning/evaluation/probes/logistic-regression.ts';
import { spread } from '../../../src/learning/evaluation/intervals/statistics.ts';
import { scoreOf } from '../../../src/learning/evaluation/metrics/metrics.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { duel } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { startWorker } from '../worker.ts';
import { timeRow, type BenchContext } from './context.ts';
import { tableImportRows } from './table-import.ts';

export interface TableSetting {
  task: 'scarf' | 'vime';
  /** float32 [count, columns], NaN for unknown. */
  rows: string;
  columns: StoredColumn[];
  /** Rows that are trained on, int32. */
  trained: string;
  batch: number;
  width: number;
  features: number;
  hidden: number;
  projection: number;
  corruption: number;
  temperature: number;
  valueWeight: number;
  learningRate: number;
  weightDecay: number;
  seed: number;
  /** First weights: ours writes them, the peer reads them. */
  weights: string;
  /** Steps to train at the start, after which the features of all rows are written; null: neither. */
  whole: { steps: number; output: string } | null;
}

export interface TreeSetting {
  rows: string;
  columns: StoredColumn[];
  targets: string;
  train: string;
  validation: string;
  output: string;
}

const ADULT = fileURLToPath(new URL('../../../samples/data/adult-income/adult.csv.gz', import.meta.url));
/** What `--only` may name beside tasks. */
export const tableParts = ['trees', 'table-import'] as const;
/** The least that tell a point of difference from chance. */
const FEWEST_SEEDS = 5;
const STEPS = 400;
/** Labels that the probe is given, of each class. */
const PROBED = 500;

const settings = {
  batch: 256,
  width: 128,
  features: 128,
  hidden: 256,
  projection: 64,
  temperature: 1,
  valueWeight: 2,
  learningRate: 0.001,
  weightDecay: 0.0001,
};

interface Incomes {
  columns: StoredColumn[];
  files: Record<'rows' | 'trained' | 'targets' | 'validation', string>;
  targets: Float64Array;
  /** Positions by split. */
  train: Int32Array;
  validation: Int32Array;
  test: Int32Array;
}

export async function tableBench(context: BenchContext): Promise<BenchRow[]> {
  await startTensorFlow();
  const incomes = await readIncomes(context);
  const rows: BenchRow[] = [];
  // It takes long: each row is said as soon as it is known.
  const keep = (row: BenchRow) => {
    rows.push(row);
    context.say(JSON.stringify(row));
  };
  const isAsked = (name: string) => context.only?.includes(name) ?? true;
  if (isAsked('trees')) keep(await treeRow(context, incomes));
  if (isAsked('table-import')) (await tableImportRows(context)).forEach(keep);
  for (const task of ['scarf', 'vime'] as const) {
    if (!isAsked(task)) continue;
    keep(await stepRow(context, incomes, task));
    keep(await scoreRow(context, incomes, task));
  }
  return rows;
}

async function readIncomes({ folder }: BenchContext): Promise<Incomes> {
  const shardFile = join(folder, 'incomes.shard');
  const { columns, samples, classes } = await importDataset({
    path: ADULT,
    options: importSchema.parse({
      path: ADULT,
      format: 'delimited-table',
      labelColumn: 'income-per-year',
      options: { kinds: { fnlwgt: 'left-out' } },
    }),
    shardFile,
  });
  const names = classes.map(({ name }) => name);
  const width = columns!.length;
  const shard = readFileSync(shardFile);
  const rows = new Float32Array(samples.count * width);
  samples.offsets.forEach((offset, row) => {
    for (let at = 0; at < width; at++) rows[row * width + at] = shard.readFloatLE(offset + 4 * at);
  });
  const targets = Float64Array.from(samples.labels!, (label) => names.indexOf(label!));
  const of = (code: number) =>
    Int32Array.from([...samples.splits.keys()].filter((row) => samples.splits[row] === code));
  const splits = {
    train: of(SPLIT_CODE.train),
    validation: of(SPLIT_CODE.validation),
    test: of(SPLIT_CODE.test),
  };
  const file = (name: string, values: ArrayBufferView) => {
    const path = join(folder, `${name}.bin`);
    writeFileSync(path, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    return path;
  };
  return {
    columns: columns!,
    files: {
      rows: file('rows', rows),
      trained: file('train', splits.train),
      targets: file('targets', Int32Array.from(targets)),
      validation: file('validation', splits.validation),
    },
    targets,
    ...splits,
  };
}

function settingOf(
  { folder }: BenchContext,
  { columns, files }: Incomes,
  task: TableSetting['task'],
  seed: number,
): TableSetting {
  const own = join(folder, `${task}-${seed}`);
  mkdirSync(own, { recursive: true });
  return {
    ...settings,
    task,
    columns,
    rows: files.rows,
    trained: files.trained,
    corruption: task === 'scarf' ? 0.6 : 0.3,
    seed,
    weights: join(own, 'weights.json'),
    whole: null,
  };
}

async function stepRow(context: BenchContext, incomes: Incomes, task: TableSetting['task']) {
  context.say(`tables: a step of ${task}`);
  const setting = settingOf(context, incomes, task, 1);
  const ours = await startWorker('tables.ts', setting, context.python);
  const peer = await startWorker('tables.py', setting, context.python);
  try {
    const row = { bench: 'tables' as const, case: `${task}, a step of ${settings.batch} rows` };
    return timeRow({ ...row, peerName: 'PyTorch' }, await duel(ours, peer, context));
  } finally {
    await ours.end();
    await peer.end();
  }
}

/** Balanced accuracy of this program's linear probe on the features of each side, means over seeds. */
async function scoreRow(
  context: BenchContext,
  incomes: Incomes,
  task: TableSetting['task'],
): Promise<BenchRow> {
  const scores = { ours: [] as number[], peer: [] as number[] };
  const seeds = Array.from({ length: Math.max(FEWEST_SEEDS, context.rounds) }, (_, at) => at + 1);
  for (const seed of seeds) {
    context.say(`tables: what ${task} learns, seed ${seed}`);
    const setting = settingOf(context, incomes, task, seed);
    for (const side of ['ours', 'peer'] as const) {
      const output = join(context.folder, `${task}-${seed}-${side}.bin`);
      const script = side === 'ours' ? 'tables.ts' : 'tables.py';
      const worker = await startWorker(
        script,
        { ...setting, whole: { steps: STEPS, output } },
        context.python,
      );
      await worker.end();
      scores[side].push(probed(output, incomes, setting.features));
    }
  }
  const differences = scores.ours.map((own, i) => own - scores.peer[i]!);
  const [ours, peer] = [spread(scores.ours).mean, spread(scores.peer).mean];
  return {
    bench: 'tables',
    case: `${task}, linear probe with ${PROBED} labels per class after ${STEPS} steps`,
    unit: 'balanced accuracy on test rows',
    ours,
    peer,
    peerName: 'PyTorch',
    ratio: ours / peer,
    spread: spread(differences).sd,
    seeds: scores.ours.map((own, i) => ({ ours: own, peer: scores.peer[i]!, lossDifference: 0 })),
  };
}

function probed(file: string, { targets, train, validation, test }: Incomes, width: number): number {
  const bytes = readFileSync(file);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const all: FeatureMatrix = { values, rows: values.length / width, columns: width };
  const part = (rows: ArrayLike<number>) => ({
    features: selectRows(all, Array.from(rows)),
    targets: Float64Array.from(rows, (row) => targets[row]!),
  });
  const few = [0, 1].flatMap((id) => [...train].filter((row) => targets[row] === id).slice(0, PROBED));
  const probe = fitClassProbe(part(few), part(validation.slice(0, 1000)), 2);
  const tested = part(test);
  const predictions = largestClass(softmaxRows(probe.answer(tested.features), 2), 2);
  return scoreOf('balanced-accuracy', { targets: tested.targets, predictions, classCount: 2 });
}

/** AUROC of trees on test rows, each side fitted to all training rows, the rounds chosen on validation rows. */
async function treeRow(context: BenchContext, incomes: Incomes): Promise<BenchRow> {
  context.say('tables: boosted trees');
  const score = async (script: string) => {
    const output = join(context.folder, `trees-${script}.bin`);
    const setting: TreeSetting = {
      columns: incomes.columns,
      rows: incomes.files.rows,
      targets: incomes.files.targets,
      train: incomes.files.trained,
      validation: incomes.files.validation,
      output,
    };
    const worker = await startWorker(script, setting, context.python);
    const milliseconds = await worker.run(1);
    await worker.end();
    const bytes = readFileSync(output);
    const chances = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    const targets = Float64Array.from(incomes.test, (row) => incomes.targets[row]!);
    const probabilities = Float64Array.from({ length: 2 * targets.length }, (_, i) => {
      const chance = chances[incomes.test[i >> 1]!]!;
      return i % 2 === 0 ? 1 - chance : chance;
    });
    const answers = { targets, predictions: largestClass(probabilities, 2), classCount: 2, probabilities };
    context.say(`${script}: ${(milliseconds / 1000).toFixed(1)} s`);
    return scoreOf('auroc', answers);
  };
  const [ours, peer] = [await score('trees.ts'), await score('trees.py')];
  return {
    bench: 'tables',
    case: `boosted trees, ${incomes.train.length} rows`,
    unit: 'AUROC on test rows',
    ours,
    peer,
    peerName: 'scikit-learn, HistGradientBoosting',
    ratio: ours / peer,
    spread: null,
  };
}
