/** Runs of a bench one after the other, as many at once as are useful on this machine. */
import { availableParallelism } from 'node:os';
import type { BenchContext } from './context.ts';

/** More at once would hardly be quicker. */
const MOST_AT_ONCE = 2;
/** Fewer where fewer rounds are asked for. */
const SEEDS = [1, 2, 3];

export const seedsOf = ({ rounds }: Pick<BenchContext, 'rounds'>): number[] => SEEDS.slice(0, rounds);

/** The answers to all questions, in their order. */
export async function inTurn<Question, Answer>(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = [...questions.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) answers[next[0]] = await ask(next[1]);
  };
  const atOnce = Math.min(MOST_AT_ONCE, availableParallelism());
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
