/**
 * What each pretext task is worth on the sample data: a linear probe on the encoder after the run that the task
 * proposes for so few samples, against the same probe on random weights.
 */
import { belongingAsked } from '../../../src/learning/catalogue.ts';
import { pretextSchema } from '../../../src/contract/recipe/recipe.ts';
import { familiesFor, findPretextTask, pretextTasks } from '../../../src/learning/pretext/registry.ts';
import type { BenchRow } from '../document.ts';
import { usualTaskData, type BenchContext, type TaskData } from './context.ts';
import { signalSources } from './signal-samples.ts';
import { inTurn, seedsOf } from './in-turn.ts';
import { taskRunner, type TaskRun } from './task-runs.ts';
import {
  colorPictures,
  fashionImages,
  sampleStudy,
  storeSample,
  type Source,
  type StoredSample,
} from './task-samples.ts';
import type { ProbeScore, TaskScore } from './task-setting.ts';

interface SampleData {
  load: (folder: string) => Promise<Source>;
  /** Half as wide as the program's own networks, which halves the time. */
  residual: TaskRun['encoder']['options'];
  /** Labels of each class, where few are given. */
  perClass: number;
  /** Only the tasks that need colours. */
  onlyColor?: boolean;
}
const images = { width: 8, features: 128 };
const signals = { residual: { width: 16, features: 128 }, perClass: 10 };
const samples: Record<TaskData, SampleData> = {
  'fashion-mnist': { load: fashionImages, residual: images, perClass: 10 },
  emoji: { load: colorPictures, residual: images, perClass: 10, onlyColor: true },
  'wrist-gestures': { load: signalSources['wrist-gestures'], ...signals },
  'emg-36-people': { load: signalSources['emg-36-people'], ...signals },
  rhythms: { load: signalSources.rhythms, ...signals },
  'phone-activities': { load: signalSources['phone-activities'], ...signals },
  'watch-exercises': { load: signalSources['watch-exercises'], ...signals },
  'chest-x-rays': { load: sampleStudy('chest-x-rays.yaml'), residual: images, perClass: 10 },
};
/** The first is spent on warming up. */
const LEAST_EPOCHS = 2;
/** Random weights cost nothing but the probe, and differ as much as trained ones do. */
const RANDOM_SEEDS = [1, 2, 3, 4, 5];

/** Two rows a task and kind of data, of few and of all labels: balanced accuracy on test samples, mean over seeds. */
export async function taskBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const name of context.data ?? usualTaskData) rows.push(...(await rowsOf(context, samples[name])));
  return rows;
}

async function rowsOf(context: BenchContext, data: SampleData): Promise<BenchRow[]> {
  const sample = await storeSample(context.folder, await data.load(context.folder));
  const tasks = tasksFor(sample, data.onlyColor ?? false).filter(
    ({ id }) => !context.only || context.only.includes(id),
  );
  const families = [...new Set(tasks.map(({ family }) => family))];
  const seeds = seedsOf(context);
  const runs = [
    ...families.flatMap((family) => RANDOM_SEEDS.map((seed) => ({ id: null, family, seed }))),
    ...tasks.flatMap((task) => seeds.map((seed) => ({ ...task, seed }))),
  ];
  const scoreOf = taskRunner(context);
  const scores = await inTurn(runs, async ({ id, family, seed }) => {
    const encoder = { family, options: family === 'residual' ? data.residual : {} };
    const training = id === null ? {} : shareOf(sample, id, context.share);
    const run = { task: id, encoder, seed, perClass: data.perClass, ...training };
    const score = await scoreOf(sample, run);
    context.say(`${sample.name}, ${id ?? `random weights (${family})`}, seed ${seed}: ${inWords(score)}`);
    return score;
  });
  const scoresOf = (id: string | null, family: string) =>
    scores.filter((_, place) => runs[place]!.id === id && runs[place]!.family === family);
  return tasks.flatMap(({ id, family }) => {
    const [after, before] = [scoresOf(id, family), scoresOf(null, family)];
    return [
      taskRow(`${id}, ${sample.name}, ${data.perClass} labels a class`, 'few', after, before),
      taskRow(`${id}, ${sample.name}, all labels`, 'all', after, before),
    ];
  });
}

/** A share of the epochs that the task proposes; nothing where all are asked for. */
function shareOf(
  { modality, shape, trainingCount }: StoredSample,
  task: string,
  share: number,
): Pick<TaskRun, 'training'> {
  if (share === 1) return {};
  const context = { modality, inputShape: shape, sampleCount: trainingCount };
  const { epochs } = pretextSchema.parse(findPretextTask(task, modality).defaults(context).training);
  return { training: { epochs: Math.max(LEAST_EPOCHS, Math.round(share * epochs)) } };
}

const inWords = ({ few, all, epochs, seconds, findings }: TaskScore) =>
  `few labels ${few.test.toFixed(3)}, all ${all.test.toFixed(3)}; ${epochs} epochs, ${seconds} s` +
  findings.map((finding) => `; ${finding}`).join('');

/** Kept apart from the runs, so that it can be tested. */
export function taskRow(
  name: string,
  labels: 'few' | 'all',
  after: readonly TaskScore[],
  before: readonly TaskScore[],
): BenchRow {
  const of = (scores: readonly TaskScore[], part: keyof ProbeScore) =>
    scores.map((score) => score[labels][part]);
  const [tests, peers] = [of(after, 'test'), of(before, 'test')];
  const [ours, peer] = [mean(tests), mean(peers)];
  return {
    bench: 'task',
    case: name,
    unit: 'balanced accuracy',
    ours,
    peer,
    peerName: 'random weights',
    ratio: ours / peer,
    spread: range(tests),
    peerSpread: range(peers),
    validation: { ours: mean(of(after, 'validation')), peer: mean(of(before, 'validation')) },
    findings: after.flatMap(({ findings }) => findings),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

/** Tasks for that kind of data, each with the residual network or the first family that it can use. */
export function tasksFor(
  { modality, shape, knows }: Pick<StoredSample, 'modality' | 'shape' | 'knows'>,
  onlyColor: boolean,
): { id: string; family: string }[] {
  return pretextTasks
    .filter((task) => task.modalities.includes(modality))
    .filter(({ asks = [] }) => belongingAsked(asks).every((what) => knows.includes(what)))
    .filter(({ channels }) => {
      const found = shape.at(-1)!;
      if (!channels) return !onlyColor;
      return found >= channels.least && found <= (channels.most ?? found);
    })
    .map((task) => {
      const families = familiesFor(task);
      return { id: task.id, family: families.includes('residual') ? 'residual' : families[0]! };
    });
}
