/** What an epoch of a candidate costs: measured by the pacing round, or foretold from runs that were made before. */
import { cpus } from 'node:os';
import { CORES_POWER } from '../../contract/machine/time-estimate.ts';
import type { Run } from '../../contract/entities.ts';
import type { Recipe } from '../../contract/recipe/recipe.ts';
import type { TaskFamily } from '../../contract/advice.ts';
import { familyOfTask } from '../../learning/catalogue.ts';
import { mean } from './halving.ts';
import type { Standing } from './standings.ts';

/** Milliseconds of an epoch without its probe; null where one of them could not be measured. */
export function measuredCosts(standings: readonly Standing[]): Map<string, number> | null {
  const costs = standings
    .filter(({ scores }) => scores !== null)
    .map(({ name, runs }) => [name, mean(runs.map(millisecondsOfEpoch))] as const);
  return costs.every(([, cost]) => Number.isFinite(cost) && cost > 0) ? new Map(costs) : null;
}

function millisecondsOfEpoch({ environment, progress }: Run): number {
  const step = environment?.stepMilliseconds;
  return step !== undefined && progress ? (step * progress.steps) / progress.epochs : NaN;
}

/** Views of a sample that pass through the encoder, about: forwards, and with their gradients backwards. */
const PASSES: Record<TaskFamily, number> = {
  contrastive: 2,
  joint: 2.5,
  predictive: 1.2,
  generative: 1.2,
  supervised: 2,
};

/**
 * Seconds for one value of one pass of the residual network of width 16 on one core, as measured on an AMD EPYC of
 * two cores; other machines and encoders are within a factor of about three.
 */
const SECONDS_PER_VALUE = 2e-6;
const MEASURED_WIDTH = 16;
/** Between the square of the arithmetic and the straight line of moving maps about; measured from 16 to 64. */
const WIDTH_POWER = 1.6;

export interface Pace {
  /** Seconds that a sample takes in training with the task. */
  secondsPerSample(task: string): number;
  /** From runs on the same data, or only from a rule of thumb. */
  measured: boolean;
}

/** How quick tasks will be: as the last run on the same data with the same encoder was, more or less views apart. */
export function paceOf(runs: readonly PacedRun[], recipe: Recipe, shape: readonly number[]): Pace {
  const passes = (task: string) => PASSES[familyOfTask(task) ?? 'joint'];
  const fitting = runs.filter(({ run }) => run.kind === 'pretext' && run.status === 'done' && rateOf(run));
  const same = fitting.filter(
    ({ run, encoder }) =>
      run.datasets.join() === recipe.data.pretrain.join() &&
      JSON.stringify(encoder) === JSON.stringify(recipe.encoder),
  );
  const last = same.at(-1);
  const rough = last
    ? 1 / (rateOf(last.run)! * passes(last.run.task!))
    : roughSecondsPerPass(recipe.encoder.options, shape);
  return {
    measured: last !== undefined,
    secondsPerSample(task) {
      const own = same.findLast(({ run }) => run.task === task);
      return own ? 1 / rateOf(own.run)! : rough * passes(task);
    },
  };
}

export interface PacedRun {
  run: Run;
  encoder: unknown;
}

const rateOf = ({ progress }: Run) => progress?.samplesPerSecond ?? null;

function roughSecondsPerPass(options: Record<string, unknown>, shape: readonly number[]): number {
  const places = shape.slice(0, -1).reduce((product, side) => product * side, 1);
  const width = typeof options['width'] === 'number' ? options['width'] : MEASURED_WIDTH;
  const slower = (width / MEASURED_WIDTH) ** WIDTH_POWER;
  return (places * SECONDS_PER_VALUE * slower) / cpus().length ** CORES_POWER;
}
