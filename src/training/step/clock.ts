/** Where the time of a run's steps goes: measured with four looks at a clock a step, and kept with the run. */

/** Shares of the steps' time, 0 to 1. */
export interface StepTimes {
  stepMilliseconds: number;
  /** Waiting for the batch, which is read while the step before it runs. */
  stepShareInput: number;
  /** Random views and pseudo-labels: what the compiled step does before any weight comes in. */
  stepShareViews: number;
  /** The rest of the compiled step: encoder, gradients, optimizer. */
  stepShareCompute: number;
  /** All else: curves, messages, control. */
  stepShareDispatch: number;
}

export interface StepClock {
  input<Value>(work: () => Promise<Value>): Promise<Value>;
  compute<Value>(work: () => Value): Value;
  /** @param counted false where the step also did what most steps do not: a probe, a checkpoint. */
  endStep(counted: boolean): void;
  /**
   * Null until a step was counted.
   *
   * @param viewsMilliseconds of one step, measured apart
   */
  times(viewsMilliseconds: number): StepTimes | null;
}

/**
 * A clock for the steps of one process. Its first step is not counted: TensorFlow prepares its kernels in it.
 *
 * @param now milliseconds; an argument so that tests own the clock
 */
export function createStepClock(now: () => number = () => performance.now()): StepClock {
  let [input, compute, dispatch] = [0, 0, 0];
  let steps = -1;
  let current = { input: 0, compute: 0, computedAt: 0 };
  return {
    async input(work) {
      const start = now();
      const value = await work();
      current.input += now() - start;
      return value;
    },
    compute(work) {
      const start = now();
      const value = work();
      current.computedAt = now();
      current.compute += current.computedAt - start;
      return value;
    },
    endStep(counted) {
      const ended = current;
      current = { input: 0, compute: 0, computedAt: 0 };
      if (steps < 0) steps = 0;
      else if (counted) {
        steps++;
        input += ended.input;
        compute += ended.compute;
        dispatch += now() - ended.computedAt;
      }
    },
    times(viewsMilliseconds) {
      if (steps < 1) return null;
      const whole = Math.max(input + compute + dispatch, Number.MIN_VALUE);
      const views = Math.min(viewsMilliseconds * steps, compute);
      const share = (part: number) => Math.round((1000 * part) / whole) / 1000;
      return {
        stepMilliseconds: Math.round((10 * whole) / steps) / 10,
        stepShareInput: share(input),
        stepShareViews: share(views),
        stepShareCompute: share(compute - views),
        stepShareDispatch: share(dispatch),
      };
    },
  };
}

const REPEATS = 5;

/** Milliseconds of the views of one step: the median of a few runs of them alone, after one that is not counted. */
export function timeViews(runViews: () => void, now: () => number = () => performance.now()): number {
  runViews();
  const times = Array.from({ length: REPEATS }, () => {
    const start = now();
    runViews();
    return now() - start;
  });
  return times.sort((a, b) => a - b)[REPEATS >> 1]!;
}
