/** What is due after a step of a pretext run, besides the next one. Pure. */
import { stepsBetweenPoints } from '../step/curve.ts';

export interface Schedule {
  stepsPerEpoch: number;
  totalSteps: number;
  /** 0: no probes. */
  probeEveryEpochs: number;
  /** Epochs between looks at views and the loss on held-out samples. */
  viewsEveryEpochs: number;
  checkpointEverySteps: number;
  /** The best checkpoint is chosen by what is only seen with the views. */
  bestNeedsViews: boolean;
}

export interface Occasions {
  /** A point of the curves. */
  point: boolean;
  probe: boolean;
  /** A look at the health of the features: after the first step, to compare with, and at the end of every epoch. */
  look: boolean;
  /** That look takes in two views of some samples, and the loss. */
  views: boolean;
  /** This state may be the best checkpoint. */
  best: boolean;
  checkpoint: boolean;
}

/** Epochs between states that may be the best, in a run without probes. */
const BEST_EVERY_EPOCHS = 5;
/** So many times at least a run looks at views and loss, however short it is. */
const FEWEST_VIEWS = 4;

/** @param step steps done, from 1 */
export function occasionsAfter(step: number, schedule: Schedule): Occasions {
  const { stepsPerEpoch, totalSteps, probeEveryEpochs, checkpointEverySteps } = schedule;
  const last = step === totalSteps;
  const first = step === 1;
  const every = (epochs: number) => last || step % (stepsPerEpoch * epochs) === 0;
  const probe = probeEveryEpochs > 0 && every(probeEveryEpochs);
  const best = every(probeEveryEpochs || BEST_EVERY_EPOCHS);
  const epochs = totalSteps / stepsPerEpoch;
  const viewsEvery = Math.max(1, Math.min(schedule.viewsEveryEpochs, Math.floor(epochs / FEWEST_VIEWS)));
  const look = first || every(1);
  return {
    point: look || probe || step % stepsBetweenPoints(totalSteps) === 0,
    probe,
    look,
    views: first || every(viewsEvery) || (best && schedule.bestNeedsViews),
    best,
    checkpoint: last || step % checkpointEverySteps === 0,
  };
}
