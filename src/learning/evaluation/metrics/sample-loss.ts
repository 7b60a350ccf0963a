/** How wrong a model was on one sample. */

/** Least probability in a log loss, as in scikit-learn for float32. */
export const LEAST_PROBABILITY = 2 ** -23;

/** What was kept of an answer: how sure the model was of it, and (null in older files) of the truth. */
export interface ClassAnswer {
  isRight: boolean;
  probability: number;
  truthProbability: number | null;
}

/**
 * The cross-entropy in nats. Where the truth's probability was not kept, the least that the loss can be: another class
 * got `probability`, so the truth got what is left at most.
 */
export function classLoss({ isRight, probability, truthProbability }: ClassAnswer): {
  loss: number;
  isBound: boolean;
} {
  const isBound = truthProbability === null && !isRight;
  const likely = truthProbability ?? (isRight ? probability : 1 - probability);
  return { loss: -Math.log(Math.min(1, Math.max(LEAST_PROBABILITY, likely))), isBound };
}
