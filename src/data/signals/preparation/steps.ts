/**
 * What is done to recordings while they are imported, in the order that a person chose. Bringing to another rate comes
 * before, as rows are read.
 */
import { PretextError } from '../../../contract/errors.ts';
import type { PrepareOptions, PrepareStep } from '../../../contract/data/recordings/preparation.ts';
import { presetOf } from '../../../contract/data/recordings/presets.ts';
import { bandPass, highPass, lowPass, notch, type Section } from './butterworth.ts';
import type { Ground } from './ground.ts';
import {
  clip,
  detrend,
  meanAndDeviation,
  medianAndQuartiles,
  medianTogether,
  multiply,
  standardise,
  togetherOf,
  type Levels,
} from './level.ts';
import { referenceOf } from './reference.ts';
import type { RowStore } from './row-store.ts';
import { filterBothWays } from './zero-phase.ts';

export interface Step {
  words: string;
  /** Of a preset: why it is there. */
  why: string | null;
  /** The channels after it. */
  names: string[];
  /** What it goes over: all stretches of a recording, or, from the first that is measured so, each window by itself. */
  of: 'recording' | 'window';
  /** To all stretches of a recording, or to one window. */
  apply(ground: Ground): Promise<void>;
}

/** What steps are chosen by. */
export interface StepFacts {
  /** Rows a second as they are stored; null where nothing says it. */
  rate: number | null;
  /** Names of the channels as they are read. */
  names: readonly string[];
}

/**
 * @throws PretextError `recordings.filter` for frequencies that the rate cannot hold, `recordings.reference` for
 *   channels that are not there, `recordings.preset` where a preset and a list are both given
 */
export function stepsOf(options: PrepareOptions, facts: StepFacts): Step[] {
  let names = [...facts.names];
  let of: Step['of'] = 'recording';
  return chosenSteps(options, facts).map(({ step, why }) => {
    const made = makeStep(step, { ...facts, names });
    names = made.names ?? names;
    if (standsByWindow(step)) of = 'window';
    return { ...made, why, names, of };
  });
}

const standsByWindow = (step: PrepareStep): boolean =>
  step.step === 'scale' && step.by !== 'factor' && step.over.startsWith('window');

/** Steps over a recording, and those over each of its windows behind them. */
export const partedSteps = (steps: readonly Step[]): Record<Step['of'], Step[]> => ({
  recording: steps.filter(({ of }) => of === 'recording'),
  window: steps.filter(({ of }) => of === 'window'),
});

/** What a preset stands for, or the list as it is; steps that are switched off are not there. */
export function chosenSteps(
  { preset, mains, steps }: PrepareOptions,
  { rate, names }: StepFacts,
): { step: PrepareStep; why: string | null }[] {
  const filled = presetOf(preset, { rate, channels: names.length, mains });
  if (!filled) return steps.filter(({ off }) => !off).map((step) => ({ step, why: null }));
  if (steps.length === 0) return filled.steps;
  throw new PretextError({
    code: 'recordings.preset',
    message: `There is a preset (${filled.title}), and a list of ${steps.length} steps as well.`,
    place: 'options.prepare',
    remedy: 'Take the preset, or the list with the preset none.',
  });
}

type Made = Pick<Step, 'words' | 'apply'> & { names?: string[] };

const each =
  (run: (store: RowStore) => Promise<void>): Step['apply'] =>
  async ({ stores }) => {
    for (const store of stores) await run(store);
  };

function makeStep(step: PrepareStep, { rate, names }: StepFacts): Made {
  switch (step.step) {
    case 'reference': {
      const reference = referenceOf(step.to, names);
      return {
        words: reference.words,
        names: reference.names,
        apply: (ground) => ground.refer(reference),
      };
    }
    case 'detrend':
      return {
        words: step.by === 'mean' ? 'means taken away' : 'linear trends taken away',
        apply: each((store) => detrend(store, step.by)),
      };
    case 'scale':
      return makeScale(step);
    case 'clip':
      return {
        words: `limited to ±${step.at}${step.by === 'soft' ? ', softly' : ''}`,
        apply: each((store) => clip(store, step.at, step.by === 'soft')),
      };
    default: {
      const { words, sections } = filterOf(step, rate);
      return { words, apply: each((store) => filterBothWays(store, sections)) };
    }
  }
}

function makeScale({ by, over, factor }: PrepareStep & { step: 'scale' }): Made {
  if (by === 'factor')
    return { words: `multiplied with ${factor}`, apply: each((store) => multiply(store, factor)) };
  const isByChannel = over === 'channel' || over === 'window-channel';
  const what = SCALED[over];
  const levels = async (stores: readonly RowStore[]): Promise<Levels> => {
    if (by === 'median') return isByChannel ? medianAndQuartiles(stores) : medianTogether(stores);
    const found = await meanAndDeviation(stores);
    return isByChannel ? found : togetherOf(found);
  };
  return {
    words: `${what} to ${by === 'median' ? 'median 0 and distance of the quartiles 1' : 'mean 0 and deviation 1'}`,
    async apply({ stores }) {
      const found = await levels(stores);
      for (const store of stores) await standardise(store, found);
    },
  };
}

const SCALED: Record<(PrepareStep & { step: 'scale' })['over'], string> = {
  channel: 'each channel of a recording',
  recording: 'all channels of a recording together',
  'window-channel': 'each channel of a window',
  window: 'all channels of a window together',
};

type FilterStep = PrepareStep & { step: 'high-pass' | 'low-pass' | 'band-pass' | 'notch' };

function filterOf(step: FilterStep, rate: number | null): { words: string; sections: Section[] } {
  if (rate === null)
    throw wrongFilter(
      'Nothing says how many samples the recordings hold a second, so they cannot be filtered.',
      'Say the sampling rate.',
    );
  for (const hz of step.step === 'band-pass' ? [step.from, step.to] : [step.at])
    if (hz >= rate / 2)
      throw wrongFilter(
        `At ${rate} Hz there is nothing of ${hz} Hz: a filter has to lie below ${rate / 2} Hz.`,
        'Choose a lower frequency, or a higher rate (resample to).',
      );
  if (step.step === 'notch')
    return { words: `without ${step.at} Hz`, sections: notch(step.at, step.quality, rate) };
  const kind = `Butterworth of order ${step.order}, both ways`;
  if (step.step === 'high-pass')
    return { words: `above ${step.at} Hz (${kind})`, sections: highPass(step.order, step.at, rate) };
  if (step.step === 'low-pass')
    return { words: `below ${step.at} Hz (${kind})`, sections: lowPass(step.order, step.at, rate) };
  const { from, to } = step;
  if (from >= to)
    throw wrongFilter(
      `Nothing lies above ${from} Hz and below ${to} Hz.`,
      'Choose a lower beginning of the band, or a higher end.',
    );
  return { words: `${from} to ${to} Hz (${kind})`, sections: bandPass(step.order, from, to, rate) };
}

const wrongFilter = (message: string, remedy: string): PretextError =>
  new PretextError({ code: 'recordings.filter', message, place: 'options.prepare', remedy });
