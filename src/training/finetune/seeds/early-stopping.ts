/** Early stopping on validation data, with the best moment remembered. A plain value, so that it resumes. */

export interface EarlyStopping {
  bestScore: number | null;
  bestStep: number;
}

export const notYetStopped: EarlyStopping = { bestScore: null, bestStep: 0 };

export interface Judgement {
  state: EarlyStopping;
  /** This is the best so far: its weights are to be kept. */
  improved: boolean;
  /** Nothing got better for `patienceSteps`: stop and go back to the best weights. */
  stop: boolean;
}

/** Judges a validation score; higher is better. An equal score later does not count as better. */
export function judge(state: EarlyStopping, step: number, score: number, patienceSteps: number): Judgement {
  if (state.bestScore === null || score > state.bestScore)
    return { state: { bestScore: score, bestStep: step }, improved: true, stop: false };
  return { state, improved: false, stop: patienceSteps > 0 && step - state.bestStep >= patienceSteps };
}
