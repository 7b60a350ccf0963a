/** Times the first steps of a run by what its trainer says, and foretells the whole run from them. */
import type { JobTime } from '../../../contract/elsewhere/job-time.ts';
import type { FromTrainer } from '../../../contract/messages/trainer.ts';
import { median } from '../../../learning/evaluation/intervals/statistics.ts';

export type Timed = Pick<JobTime, 'stepMilliseconds' | 'steps' | 'secondsBefore'>;

export interface StepTimer {
  hear(message: FromTrainer): void;
  /** It need not be listened to any longer. */
  hasEnough(): boolean;
  /** Null where too little was heard to say anything. */
  time(): Timed | null;
}

/** Listened to for so long behind the first step. */
const LISTEN_MS = 3_000;
const FEWEST_MARKS = 3;

interface Mark {
  at: number;
  /** Something was looked at behind this step, before the next one. */
  looked: boolean;
}

/** @param now milliseconds; an argument so that tests own the clock */
export function createStepTimer(now: () => number = () => performance.now()): StepTimer {
  const began = now();
  const marks: Mark[] = [];
  let last = { step: 0, steps: 0, seeds: 1, epochs: 0 };
  /** Steps to the first look. */
  let firstLook: number | null = null;
  /** When all of the first seed was done. */
  let seedDoneAt: number | null = null;
  let isDone = false;
  const sinceFirst = () => now() - (marks[0]?.at ?? Infinity);
  return {
    hear(message) {
      if (message.type === 'done') isDone = true;
      if (message.type === 'result' && marks.length > 0) seedDoneAt ??= now();
      if (message.type === 'metrics' && marks.length > 0) {
        marks.at(-1)!.looked = true;
        firstLook ??= last.step;
      }
      if (message.type !== 'progress') return;
      const { step, steps, epochs, seed } = message.progress;
      // Some say more of the same step, as that testing begins.
      if (step <= last.step) return;
      last = { step, steps, epochs, seeds: seed?.count ?? 1 };
      marks.push({ at: now(), looked: false });
    },
    hasEnough: () =>
      isDone || seedDoneAt !== null || (marks.length >= FEWEST_MARKS && sinceFirst() >= LISTEN_MS),
    time() {
      const [first] = marks;
      if (!first) return null;
      const { steps } = last;
      const secondsBefore = (first.at - began) / 1000;
      if (seedDoneAt !== null)
        return { stepMilliseconds: ((seedDoneAt - first.at) * last.seeds) / steps, steps, secondsBefore };
      // What is done at once, as fits are, takes as long each time.
      if (marks.length === 1) return { stepMilliseconds: first.at - began, steps, secondsBefore: 0 };
      return {
        stepMilliseconds: stepWithLooks(marks, looksIn(last, firstLook) / steps),
        steps,
        secondsBefore,
      };
    },
  };
}

/** Looks of a whole run: fine-tuning looks so often, pretraining behind its first step and each epoch. */
const looksIn = ({ steps, epochs }: { steps: number; epochs: number }, firstLook: number | null): number =>
  firstLook !== null && firstLook > 1 ? Math.floor(steps / firstLook) : epochs + 1;

/** @param looksOfStep share of the steps that are looked behind */
function stepWithLooks(marks: readonly Mark[], looksOfStep: number): number {
  const spans = marks.slice(1).map(({ at }, i) => ({ span: at - marks[i]!.at, looked: marks[i]!.looked }));
  const of = (looked: boolean) => spans.filter((one) => one.looked === looked).map(({ span }) => span);
  const [quiet, looked] = [of(false), of(true)];
  if (quiet.length === 0) return median(looked);
  const plain = median(quiet);
  const look = looked.length > 0 ? Math.max(0, median(looked) - plain) : 0;
  return plain + look * looksOfStep;
}
