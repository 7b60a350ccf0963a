/**
 * Which views and which encoder signals get by default: pretrained with candidates of both, probed on validation
 * samples. Test samples are told as well, and nothing is chosen by them.
 */
import type { BenchRow } from '../document.ts';
import type { BenchContext } from './context.ts';
import { inTurn, seedsOf } from './in-turn.ts';
import { signalSources } from './signal-samples.ts';
import { taskRunner, type TaskRun } from './task-runs.ts';
import { storeSample, type StoredSample } from './task-samples.ts';
import { taskRow } from './tasks.ts';

/** Views by name; all that decides is said, so that a later default changes none of them. */
export const viewMixes = {
  stretched: { cropProbability: 0.8 },
  'stretched, 20 %': { cropProbability: 0.2 },
  'not stretched': { cropProbability: 0 },
  'not stretched, moved': { cropProbability: 0, timeShiftProbability: 0.5, timeShift: 0.25 },
  'not stretched, noisier, channels lost': {
    cropProbability: 0,
    noiseProbability: 0.8,
    noise: 0.3,
    channelDropProbability: 0.1,
  },
};
const rest = {
  cropMinimum: 0.6,
  scaleProbability: 0.8,
  scale: 0.2,
  gain: 0.2,
  noiseProbability: 0.5,
  noise: 0.1,
  channelDropProbability: 0,
  timeMaskProbability: 0.3,
  timeMask: 0.2,
};
type Mix = keyof typeof viewMixes;

/** Half as wide as the program's own. */
const width = { width: 16, features: 128 };
const encoders = {
  residual: { family: 'residual', options: width },
  'residual, 4 stages': { family: 'residual', options: { ...width, stages: 4 } },
};

interface Candidate {
  task: string;
  encoder: keyof typeof encoders;
  mix: Mix;
}
/** What was proposed before this bench: all others are compared with it. */
const BEFORE = { encoder: 'residual', mix: 'stretched' } as const;

/** Every mix by one task, stretching by a second one, and the other encoder with the mixes in question. */
export const candidates: readonly Candidate[] = [
  ...(Object.keys(viewMixes) as Mix[]).map((mix) => ({ task: 'simclr', encoder: 'residual' as const, mix })),
  ...(['stretched', 'stretched, 20 %', 'not stretched', 'not stretched, moved'] as const).map((mix) => ({
    task: 'vicreg',
    encoder: 'residual' as const,
    mix,
  })),
  ...(['stretched', 'stretched, 20 %'] as const).map((mix) => ({
    task: 'simclr',
    encoder: 'residual, 4 stages' as const,
    mix,
  })),
];

/** Epochs that show about as many windows everywhere. */
const SHOWN = 12_000;
const PER_CLASS = 25;

export async function defaultsBench(context: BenchContext): Promise<BenchRow[]> {
  const sources = Object.entries(signalSources).filter(
    ([name]) => !context.data || (context.data as readonly string[]).includes(name),
  );
  const rows: BenchRow[] = [];
  for (const [, load] of sources)
    rows.push(...(await rowsOf(context, await storeSample(context.folder, await load(context.folder)))));
  return rows;
}

async function rowsOf(context: BenchContext, sample: StoredSample): Promise<BenchRow[]> {
  const scoreOf = taskRunner(context);
  const asked = candidates.filter(({ task }) => !context.only || context.only.includes(task));
  const runs = seedsOf(context).flatMap((seed) => asked.map((candidate) => ({ ...candidate, seed })));
  const scores = await inTurn(runs, async (run) => {
    const score = await scoreOf(sample, settingOf(run, sample.trainingCount));
    const { few, all, seconds } = score;
    context.say(
      `${sample.name}, ${nameOf(run)}, seed ${run.seed}: validation ${few.validation.toFixed(3)} and ${all.validation.toFixed(3)}, test ${few.test.toFixed(3)} and ${all.test.toFixed(3)}; ${seconds} s`,
    );
    return score;
  });
  const scoresOf = (wanted: Candidate) =>
    scores.filter((_, place) => nameOf(runs[place]!) === nameOf(wanted));
  return asked.flatMap((candidate) => {
    const [own, before] = [scoresOf(candidate), scoresOf({ ...BEFORE, task: candidate.task })];
    return (['few', 'all'] as const).map((labels) => ({
      ...taskRow(
        `${sample.name}, ${nameOf(candidate)}, ${labels === 'few' ? `${PER_CLASS} labels a class` : 'all labels'}`,
        labels,
        own,
        before,
      ),
      bench: 'defaults' as const,
      peerName: 'as before',
    }));
  });
}

const nameOf = ({ task, encoder, mix }: Candidate) => `${task}, ${encoder}, ${mix}`;

function settingOf({ task, encoder, mix, seed }: Candidate & { seed: number }, count: number): TaskRun {
  return {
    task,
    encoder: encoders[encoder],
    seed,
    perClass: PER_CLASS,
    options: { signalViews: { ...rest, ...viewMixes[mix] } },
    training: { epochs: Math.max(2, Math.round(SHOWN / count)), batchSize: 128 },
  };
}
