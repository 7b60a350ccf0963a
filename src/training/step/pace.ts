/** Rate and time left of a run, from the steps of the last seconds. */

export interface Pace {
  samplesPerSecond: number | null;
  secondsLeft: number | null;
}

/** Steps looked back over: long enough to be calm, short enough to follow the machine. */
const WINDOW = 40;

/** Measures a run's pace. `now` gives milliseconds and is an argument so that tests own the clock. */
export function createPaceMeter(now: () => number = () => performance.now()) {
  const marks: { at: number; step: number }[] = [];
  return {
    /** Call after every step with the number of steps done. */
    mark(step: number): void {
      marks.push({ at: now(), step });
      if (marks.length > WINDOW) marks.shift();
    },
    /** Time that was not training (a probe, a checkpoint) is not counted into the pace of steps. */
    restart(): void {
      marks.length = 0;
    },
    pace(stepsLeft: number, batchSize: number): Pace {
      const first = marks[0];
      const last = marks.at(-1);
      if (!first || !last || last.step === first.step) return { samplesPerSecond: null, secondsLeft: null };
      const stepsPerSecond = ((last.step - first.step) * 1000) / Math.max(1, last.at - first.at);
      return { samplesPerSecond: stepsPerSecond * batchSize, secondsLeft: stepsLeft / stepsPerSecond };
    },
  };
}
