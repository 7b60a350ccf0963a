import { describe, expect, it } from 'vitest';
import type { FromTrainer } from '../../../../../src/contract/messages/trainer.ts';
import type { ResultRow } from '../../../../../src/contract/results/result.ts';
import { createStepTimer } from '../../../../../src/service/elsewhere/times/step-timer.ts';

/** A timer whose clock the test owns. */
function timed() {
  let now = 1000;
  const timer = createStepTimer(() => now);
  const after = (milliseconds: number, message: FromTrainer) => {
    now += milliseconds;
    timer.hear(message);
  };
  return { timer, after, pass: (milliseconds: number) => (now += milliseconds) };
}

const step = (at: number, steps: number, more: object = {}): FromTrainer => ({
  type: 'progress',
  progress: {
    step: at,
    steps,
    epoch: 0,
    epochs: 10,
    loss: 1,
    learningRate: 1,
    samplesPerSecond: null,
    secondsLeft: null,
    phase: 'Training',
    ...more,
  },
});
const look: FromTrainer = { type: 'metrics', point: { step: 1, epoch: 0, values: {} } };
const result: FromTrainer = { type: 'result', row: { arm: 'baseline' } as unknown as ResultRow };

describe('the first steps of a run', () => {
  it('tell how long pretraining takes, with a look behind the first step and each epoch', () => {
    const { timer, after } = timed();
    after(4000, step(1, 520));
    after(400, look);
    after(100, step(2, 520));
    after(100, step(3, 520));
    after(100, step(4, 520));
    // 100 ms a step; the look took 400 ms more, and there will be 11 of them.
    expect(timer.time()).toEqual({ stepMilliseconds: 100 + (400 * 11) / 520, steps: 520, secondsBefore: 4 });
  });

  it('count the looks of fine-tuning as often as they come', () => {
    const { timer, after } = timed();
    for (const at of [1, 2, 3]) after(10, step(at, 60, { seed: { index: 0, count: 1 } }));
    after(90, look);
    for (const at of [4, 5]) after(10, step(at, 60, { seed: { index: 0, count: 1 } }));
    // 10 ms a step, and behind each third one 90 more.
    expect(timer.time()).toEqual({ stepMilliseconds: 40, steps: 60, secondsBefore: 0.01 });
  });

  it('need not be foretold where a whole seed was seen, its tests and all', () => {
    const { timer, after } = timed();
    const seed = { seed: { index: 0, count: 5 } };
    after(2000, step(1, 100, seed));
    after(300, step(20, 100, seed));
    after(200, step(20, 100, { ...seed, phase: 'Testing' }));
    expect(timer.hasEnough()).toBe(false);
    after(500, result);
    expect(timer.hasEnough()).toBe(true);
    expect(timer.time()).toEqual({ stepMilliseconds: (1000 * 5) / 100, steps: 100, secondsBefore: 2 });
  });

  it('are fits where there are none', () => {
    const { timer, after } = timed();
    after(3000, result);
    expect([timer.hasEnough(), timer.time()]).toEqual([false, null]);
    after(0, step(1, 10));
    after(0, { type: 'done' });
    expect([timer.hasEnough(), timer.time()]).toEqual([
      true,
      { stepMilliseconds: 3000, steps: 10, secondsBefore: 0 },
    ]);
  });

  it('are enough once some seconds of them were seen, three at least', () => {
    const { timer, after, pass } = timed();
    after(1000, step(1, 9));
    after(9000, step(2, 9));
    expect(timer.hasEnough()).toBe(false);
    after(1, step(3, 9));
    expect(timer.hasEnough()).toBe(true);
    const short = timed();
    for (const at of [1, 2, 3, 4]) short.after(10, step(at, 900));
    expect(short.timer.hasEnough()).toBe(false);
    short.pass(3000);
    expect(short.timer.hasEnough()).toBe(true);
    expect(pass(0)).toBeGreaterThan(0);
  });
});
