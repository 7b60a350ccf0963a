import { expect, it } from 'vitest';
import { judge, notYetStopped } from '../../../../../src/training/finetune/seeds/early-stopping.ts';

it('remembers the first best moment and stops after the patience has run out', () => {
  const scores = [0.5, 0.7, 0.7, 0.6, 0.69, 0.9];
  let state = notYetStopped;
  const seen = scores.map((score, i) => {
    const judged = judge(state, (i + 1) * 10, score, 30);
    state = judged.state;
    return [judged.improved, judged.stop];
  });
  expect(seen.slice(0, 5)).toEqual([
    [true, false],
    [true, false],
    [false, false],
    [false, false],
    [false, true],
  ]);
  expect(seen[5]).toEqual([true, false]);
  expect(state).toEqual({ bestScore: 0.9, bestStep: 60 });
});

it('never stops with a patience of zero', () => {
  const judged = judge({ bestScore: 1, bestStep: 1 }, 1_000_000, 0, 0);
  expect(judged.stop).toBe(false);
});
