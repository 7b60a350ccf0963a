/** Where the time of a fine-tuning run's steps goes, over all seeds, told as a pretext run tells it. */
import type { RunControl } from '../../control.ts';
import { createStepClock, timeViews, type StepClock } from '../../step/clock.ts';

export interface ArmProfile {
  readonly clock: StepClock;
  /** A step has been computed: of the first one it is told how long it was in coming. */
  began(): void;
  /** @param runViews the views of one step alone; measured at the first call */
  tell(runViews: () => void): void;
}

export function createArmProfile({ environment }: Pick<RunControl, 'environment'>): ArmProfile {
  const clock = createStepClock();
  let first = true;
  let viewsMilliseconds: number | undefined;
  return {
    clock,
    began() {
      if (first) environment({ secondsToFirstStep: Math.round(performance.now()) / 1000 });
      first = false;
    },
    tell(runViews) {
      viewsMilliseconds ??= timeViews(runViews);
      environment({ ...clock.times(viewsMilliseconds) });
    },
  };
}
