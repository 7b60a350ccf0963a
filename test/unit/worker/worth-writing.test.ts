import { expect, it } from 'vitest';
import type { FromTrainer } from '../../../src/contract/messages/trainer.ts';
import { createSieve } from '../../../src/worker/worth-writing.ts';

const progress = (step: number, phase = 'Training'): FromTrainer => ({
  type: 'progress',
  progress: {
    step,
    steps: 100,
    epoch: 0,
    epochs: 1,
    loss: null,
    learningRate: null,
    samplesPerSecond: null,
    secondsLeft: null,
    phase,
  },
});

it('keeps the word of a new phase, the last one, and one every ten seconds of those between', () => {
  let now = 0;
  const isWorthWriting = createSieve(() => now);
  const kept: [number, number][] = [];
  for (; now < 25_000; now += 1000) {
    const step = now / 1000;
    if (isWorthWriting(progress(step))) kept.push([now, step]);
  }
  expect(kept.map(([at]) => at)).toEqual([0, 10_000, 20_000]);
  expect(isWorthWriting(progress(30, 'Testing'))).toBe(true);
  expect(isWorthWriting(progress(31, 'Testing'))).toBe(false);
  expect(isWorthWriting(progress(100, 'Testing'))).toBe(true);
});

it('keeps every other word', () => {
  const isWorthWriting = createSieve(() => 0);
  const point: FromTrainer = { type: 'metrics', point: { step: 1, epoch: 0, values: { loss: 1 } } };
  expect([1, 2, 3].map(() => isWorthWriting(point))).toEqual([true, true, true]);
});
