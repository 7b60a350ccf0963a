/** Times the first steps of a run by what its trainer says, and foretells the whole run from them. */
import type { JobTime } from '../../../contract/elsewhere/job-time.ts';
import type { Progress } from '../../../contract/entities.ts';
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

/** Listened to for so long behind the first step, and for so many steps. */
const LISTEN_MS = 3_000;
const FEWEST_STEPS = 2;

/** A step that is done. Trainers tell of some only, as they tell no oftener than a few times a second. */
interface Mark {
  at: number;
  step: number;
  /** A look behind this step is done as well: on validation data, or at an encoder. */
  looked: boolean;
}

/** @param now milliseconds; an argument so that tests own the clock */
export function createStepTimer(now: () => number = () => performance.now()): StepTimer {
  const began = now();
  /** Of steps of training. Arms that are fitted have none. */
  const marks: Mark[] = [];
  /** Results of arms that are fitted, one a seed. */
  const fits: Mark[] = [];
  let last: Progress | null = null;
  /** When all of the first seed was done. */
  let seedDoneAt: number | null = null;
  let doneAt: number | null = null;
  return {
    hear(message) {
      if (doneAt !== null || seedDoneAt !== null) return;
      if (message.type === 'done') doneAt = now();
      else if (message.type === 'result' && marks.length === 0)
        fits.push({ at: now(), step: fits.length + 1, looked: false });
      // A seed of which one step alone was seen tells nothing of steps: the next one is listened to.
      else if (message.type === 'result') seedDoneAt = stepsOf(marks) > 0 ? now() : null;
      else if (message.type === 'metrics' && marks.length > 0)
        // These are always told, with their step, whenever the last progress was.
        marks.push({ at: now(), step: Math.max(message.point.step, marks.at(-1)!.step), looked: true });
      else if (message.type === 'progress') {
        last = message.progress;
        // A step of training has a learning rate; testing, and fitting, have none.
        const isStep = last.learningRate !== null && last.step > (marks.at(-1)?.step ?? 0);
        if (isStep) marks.push({ at: now(), step: last.step, looked: false });
      }
    },
    hasEnough() {
      if (doneAt !== null || seedDoneAt !== null) return true;
      const seen = marks.length > 0 ? marks : fits;
      return stepsOf(seen) >= FEWEST_STEPS && now() - seen[0]!.at >= LISTEN_MS;
    },
    time() {
      if (!last) return null;
      const { steps, seed } = last;
      const seeds = seed?.count ?? 1;
      // Testing alone is heard of a run that goes on behind its last step: it is no fit.
      const seen = marks.length > 0 ? marks : steps === seeds ? fits : [];
      const [first] = seen;
      if (!first) return null;
      if (stepsOf(seen) === 0)
        // A process that starts, and compiles, is in the first step told of; only of all that there is, that says enough.
        return doneAt !== null && steps === 1
          ? { stepMilliseconds: doneAt - began, steps, secondsBefore: 0 }
          : null;
      const testing = seedDoneAt === null ? 0 : ((seedDoneAt - seen.at(-1)!.at) * seeds) / steps;
      const stepMilliseconds = seedDoneAt === null ? stepWithLooks(seen, last) : meanStep(seen) + testing;
      return { stepMilliseconds, steps, secondsBefore: (first.at - began) / 1000 };
    },
  };
}

/** Behind the first that was told of. */
const stepsOf = (marks: readonly Mark[]): number => (marks.at(-1)?.step ?? 0) - (marks[0]?.step ?? 0);

/** With the looks that there were. */
const meanStep = (marks: readonly Mark[]): number => (marks.at(-1)!.at - marks[0]!.at) / stepsOf(marks);

/** Looks of a whole run: pretraining looks behind its first step and each epoch, fine-tuning each so many steps. */
function looksIn({ steps, epochs, seed }: Progress, marks: readonly Mark[]): number {
  if (!seed) return epochs + 1;
  const [first, second] = marks.filter(({ looked }) => looked).map(({ step }) => step);
  if (first === undefined) return 0;
  // Of a run that goes on the first look may come early: then there are fewer looks than this, never more.
  const between = second === undefined ? first - marks[0]!.step + 1 : second - first;
  return steps / Math.max(1, between);
}

function stepWithLooks(marks: readonly Mark[], progress: Progress): number {
  const spans = marks.slice(1).map(({ at, step, looked }, i) => ({
    span: at - marks[i]!.at,
    steps: step - marks[i]!.step,
    looked,
  }));
  const quiet = spans.filter(({ looked }) => !looked);
  if (quiet.length === 0) return meanStep(marks);
  const plain = median(quiet.map(({ span, steps }) => span / steps));
  const looks = spans.filter(({ looked }) => looked).map(({ span, steps }) => span - steps * plain);
  if (looks.length === 0) return plain;
  // Pretraining tells points of its curves between looks as well, which take next to nothing.
  const look = progress.seed ? median(looks) : Math.max(...looks);
  return plain + (Math.max(0, look) * looksIn(progress, marks)) / progress.steps;
}
