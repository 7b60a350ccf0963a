/**
 * Steps that suit a kind of recording, and why. They follow the sampling rate: no filter lies where there is nothing
 * to filter.
 */
import { prepareStepSchema, type PrepareStep, type PresetId } from './preparation.ts';

export interface PresetStep {
  step: PrepareStep;
  why: string;
}

export interface Preset {
  title: string;
  steps: PresetStep[];
  /** What would belong to it, and why it is not there. */
  leftOut: string[];
}

/** What a preset goes by. */
export interface PresetFacts {
  /** Rows a second as they are stored; null where nothing says it. */
  rate: number | null;
  channels: number;
  mains: 'unknown' | '50' | '60';
}

export const PRESET_TITLES: Record<PresetId, string> = {
  none: 'None',
  eeg: 'EEG',
  ecg: 'ECG',
  emg: 'EMG',
  movement: 'Movement',
  vibration: 'Machine vibration',
  plain: 'Plain',
};

/** So close to half of the rate, filters become steep and nothing is gained by them. */
const USABLE = 0.9;
/** Fewer channels have no average to speak of. */
const FEWEST_TO_AVERAGE = 8;

type Step = Record<string, unknown> & { step: PrepareStep['step'] };

/** @returns null for `none` */
export function presetOf(id: PresetId, facts: PresetFacts): Preset | null {
  if (id === 'none') return null;
  const list = listOf(facts);
  FILL[id](list, facts);
  return { title: PRESET_TITLES[id], steps: list.steps, leftOut: list.leftOut };
}

type List = ReturnType<typeof listOf>;

function listOf({ rate, mains }: PresetFacts) {
  const steps: PresetStep[] = [];
  const leftOut: string[] = [];
  const isThere = (hz: number) => rate === null || hz < (rate / 2) * USABLE;
  const add = (step: Step, why: string) =>
    void steps.push({ step: prepareStepSchema.parse(step) as PrepareStep, why });
  /** A filter, where the recordings hold anything at its frequency. */
  const filter = (step: Step & { at: number }, why: string) => {
    if (isThere(step.at)) add(step, why);
    else
      leftOut.push(
        `${step.step === 'low-pass' ? 'Low-pass' : step.step === 'notch' ? 'Notch' : 'High-pass'} at ${step.at} Hz: ${rate} samples a second hold nothing that it could take away.`,
      );
  };
  return {
    steps,
    leftOut,
    add,
    highPass: (at: number, why: string) => filter({ step: 'high-pass', at }, why),
    lowPass: (at: number, why: string) => filter({ step: 'low-pass', at }, why),
    hum() {
      if (mains === 'unknown')
        leftOut.push('Notch: nobody said whether the mains have 50 or 60 Hz where it was recorded.');
      else
        filter(
          { step: 'notch', at: Number(mains) },
          `The mains have ${mains} Hz, and every cable picks them up.`,
        );
    },
  };
}

const FILL: Record<Exclude<PresetId, 'none'>, (list: List, facts: PresetFacts) => void> = {
  eeg({ add, highPass, lowPass, hum, leftOut }, { channels }) {
    highPass(0.5, 'Sweat and electrodes drift by more than the brain does, and more slowly.');
    hum();
    lowPass(40, 'What is faster is mostly muscle.');
    if (channels >= FEWEST_TO_AVERAGE)
      add(
        { step: 'reference', to: 'average' },
        'Laboratories measure against different electrodes; the average of all is alike.',
      );
    else
      leftOut.push(
        `Average reference: of ${channels} ${channels === 1 ? 'channel' : 'channels'} the average is no common ground.`,
      );
    add(
      { step: 'scale', by: 'median', over: 'channel' },
      'Skull and contact make one head louder than another; peaks of blinks do not count in a median.',
    );
    add(
      { step: 'clip', at: 20 },
      'Beyond 20 of these units there are only artefacts (as in Défossez et al. 2023).',
    );
  },
  ecg({ add, highPass, lowPass, hum }) {
    highPass(
      0.5,
      'Breathing moves the baseline; below 0.5 Hz a heart that beats 30 times a minute says nothing.',
    );
    hum();
    lowPass(40, 'Monitors show what lies below 40 Hz; above there is muscle.');
    add(
      { step: 'scale', by: 'z-score', over: 'recording' },
      'Bodies conduct differently well; how leads stand to each other stays.',
    );
  },
  emg({ add, highPass, lowPass, hum }) {
    highPass(20, 'Cables and skin move slower than 20 Hz, muscles hardly (De Luca et al. 2010).');
    hum();
    lowPass(450, 'Surface electrodes pick up nothing of muscles beyond 450 Hz.');
    add(
      { step: 'scale', by: 'z-score', over: 'recording' },
      'Skin differs from person to person; which muscle is the strongest is what is to be learned, so all channels are measured together.',
    );
  },
  movement({ lowPass }) {
    lowPass(
      20,
      'Nearly all of what people move by lies below 20 Hz (Bouten et al. 1997). Gravity stays: it tells how the sensor lies.',
    );
  },
  vibration({ add, highPass }) {
    add({ step: 'detrend', by: 'mean' }, 'Sensors have an offset that says nothing of the machine.');
    highPass(
      10,
      'Machines are judged from 10 Hz on (ISO 20816); below, the mounting sways. Nothing is scaled: the strength itself tells of damage.',
    );
  },
  plain() {
    // As recorded: training brings channels to one scale by itself.
  },
};
