/** Trainers that ended without a word: while somebody waited for an answer, or in the middle of a run. */
import { PretextError, type Failure } from '../contract/errors.ts';
import type { HostedExit } from '../contract/messages/host.ts';

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

/** One that died, or did so again and again without getting any further. @param times how often */
export function trainerDied(
  name: string,
  { code, signal }: Pick<HostedExit, 'code' | 'signal'>,
  times: number,
  remedy: string,
): Failure {
  const how = signal ? `signal ${signal}` : `exit status ${code}`;
  const memory = signal === 'SIGKILL' ? ' The system ends a process like this when memory runs out.' : '';
  return {
    code: 'run.trainer-died',
    message: `The training process ended${times > 1 ? ` ${times} times in a row at the same place` : ''} (${how}).${memory}`,
    place: name,
    remedy,
  };
}
