/** Which words of a trainer go into a journal: all but most of those that only say how far it is. */
import type { FromTrainer } from '../contract/messages/trainer.ts';

/** Whoever reads journals looks every few seconds; a job may take days, and its journal is read whole at times. */
const PROGRESS_MS = 10_000;

/** @param now milliseconds of a clock that never goes back */
export function createSieve(now: () => number = () => performance.now()): (message: FromTrainer) => boolean {
  let toldAt = -Infinity;
  let phase = '';
  return (message) => {
    if (message.type !== 'progress') return true;
    const { progress } = message;
    const isLast = progress.step >= progress.steps;
    if (progress.phase === phase && !isLast && now() - toldAt < PROGRESS_MS) return false;
    toldAt = now();
    phase = progress.phase;
    return true;
  };
}
