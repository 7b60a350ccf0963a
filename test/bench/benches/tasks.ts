/**
 * What each pretext task is worth on the sample data: a linear probe on the encoder after a short run by the task's
 * own defaults, against the same probe on random weights.
 */
import { availableParallelism } from 'node:os';
import type { Modality } from '../../../src/contract/recipe.ts';
import { pretextTasks } from '../../../src/learning/pretext/registry.ts';
import type { BenchRow } from '../document.ts';
import type { BenchContext } from './context.ts';
import { taskRunner, type TaskRun } from './task-runs.ts';
import { storeSample } from './task-samples.ts';
import type { ProbeScore, TaskScore } from './task-setting.ts';

interface SampleStudy {
  recipe: string;
  modality: Modality;
  /** Half as wide as the program's own networks, which halves the time. */
  residual: TaskRun['encoder']['options'];
  /** Labels of each class, as the study asks for. */
  perClass: number;
}
const samples: SampleStudy[] = [
  { recipe: 'chest-x-rays.yaml', modality: 'image', residual: { width: 8, features: 128 }, perClass: 25 },
  { recipe: 'wrist-gestures.yaml', modality: 'signal', residual: { width: 16, features: 128 }, perClass: 10 },
];
/** Shorter than the program proposes (15 to 60), so that a row takes a minute or two. */
const MOST_EPOCHS = 5;
/** Fewer where fewer rounds are asked for. */
const SEEDS = [1, 2, 3];
/** Random weights cost nothing but the probe, and differ as much as trained ones do. */
const RANDOM_SEEDS = [1, 2, 3, 4, 5];
/** More at once would hardly be quicker. */
const MOST_AT_ONCE = 2;

/** Two rows a task and kind of data, of few and of all labels: balanced accuracy on test samples, mean over seeds. */
export async function taskBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const scoreOf = taskRunner(context);
  for (const { recipe, modality, residual, perClass } of samples) {
    const sample = await storeSample(context.folder, recipe);
    const random = new Map<string, TaskScore[]>();
    for (const { id, family } of tasksFor(modality, sample.shape)) {
      if (context.only && !context.only.includes(id)) continue;
      const encoder = { family, options: family === 'residual' ? residual : {} };
      const scores = (task: string | null, seeds: readonly number[]) =>
        inTurn(seeds, (seed) => scoreOf(sample, { task, encoder, seed, mostEpochs: MOST_EPOCHS, perClass }));
      const before = random.get(family) ?? (await scores(null, RANDOM_SEEDS));
      random.set(family, before);
      const after = await scores(id, SEEDS.slice(0, context.rounds));
      const name = `${id}, ${sample.name}`;
      const both = [
        taskRow(`${name}, ${perClass} labels a class`, 'few', after, before),
        taskRow(`${name}, all labels`, 'all', after, before),
      ];
      for (const row of both)
        context.say(`${row.case}: ${row.ours.toFixed(3)}, random weights ${row.peer!.toFixed(3)}`);
      context.say(`${name}: ${both[0]!.findings!.join(', ') || 'healthy'}`);
      rows.push(...both);
    }
  }
  return rows;
}

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
function tasksFor(modality: Modality, shape: readonly number[]): { id: string; family: string }[] {
  return pretextTasks
    .filter((task) => task.modalities.includes(modality))
    .filter(({ channels }) => {
      const found = shape.at(-1)!;
      return !channels || (found >= channels.least && found <= (channels.most ?? found));
    })
    .map(({ id, encoders }) => ({
      id,
      family: !encoders || encoders.includes('residual') ? 'residual' : encoders[0]!,
    }));
}

/** The answers for all seeds, in their order, as many at once as are useful on this machine. */
async function inTurn<Answer>(
  seeds: readonly number[],
  ask: (seed: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = [...seeds.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) answers[next[0]] = await ask(next[1]);
  };
  const atOnce = Math.min(MOST_AT_ONCE, availableParallelism());
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
