/** A trainer that ended while somebody waited for its answer. */
import { PretextError } from '../contract/errors.ts';

export const TRAINER_ENDED = 'question.ended';

/** @param lastOutput what it wrote last to its error output */
export function trainerEnded(lastOutput: string): PretextError {
  return new PretextError({
    code: TRAINER_ENDED,
    message: `The process that was asked for this ended before it had an answer: ${lastOutput.trim().split('\n').at(-1) || 'it said nothing'}`,
    remedy:
      'Try again. The doctor (under Settings, or `pretext doctor`) tells whether TensorFlow works here.',
  });
}
