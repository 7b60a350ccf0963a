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
const look = (at: number): FromTrainer => ({ type: 'metrics', point: { step: at, epoch: 0, values: {} } });
const done: FromTrainer = { type: 'done' };
/** Testing and fitting have no learning rate. */
const untrained = { learningRate: null, loss: null };
const result: FromTrainer = { type: 'result', row: { arm: 'baseline' } as unknown as ResultRow };

describe('the first steps of a run', () => {
  it('tell how long pretraining takes, with a look behind the first step and each epoch', () => {
    const { timer, after } = timed();
    after(4000, step(1, 520));
    after(400, look(1));
    after(100, step(2, 520));
    after(100, step(3, 520));
    // A point of the curves without a look.
    after(0, look(3));
    after(100, step(4, 520));
    // 100 ms a step; the look took 400 ms, and there will be 11 of them.
    expect(timer.time()).toEqual({ stepMilliseconds: 100 + (400 * 11) / 520, steps: 520, secondsBefore: 4 });
  });

  it('are as many as were done between what is told, which is not every one', () => {
    const { timer, after } = timed();
    after(2000, step(1, 100_000));
    // A look of 300 ms, then 5 ms a step, told every 200 ms.
    after(300, look(1));
    for (let told = 41; told <= 641; told += 40) after(200, step(told, 100_000));
    expect(timer.hasEnough()).toBe(true);
    const { stepMilliseconds, secondsBefore } = timer.time()!;
    expect(stepMilliseconds).toBeCloseTo(5 + (300 * 11) / 100_000, 10);
    expect(secondsBefore).toBe(2);
  });

  it('are taken off before a look is timed, where several came with it', () => {
    const { timer, after } = timed();
    const seed = { seed: { index: 0, count: 1 } };
    after(10, step(1, 1000, seed));
    for (const told of [21, 41]) after(200, step(told, 1000, seed));
    // 9 steps that were not told of, then a look of 60 ms behind the 50th.
    after(9 * 10 + 60, look(50));
    after(200, step(70, 1000, seed));
    // 20 looks in all.
    expect(timer.time()!.stepMilliseconds).toBeCloseTo(10 + (20 * 60) / 1000, 10);
  });

  it('count the looks of fine-tuning as often as they come', () => {
    const { timer, after } = timed();
    const seed = { seed: { index: 0, count: 1 } };
    for (const at of [1, 2, 3]) after(10, step(at, 60, seed));
    after(90, look(3));
    for (const at of [4, 5]) after(10, step(at, 60, seed));
    // 10 ms a step, and behind each third one 90 more.
    expect(timer.time()).toEqual({ stepMilliseconds: 40, steps: 60, secondsBefore: 0.01 });
    // A look behind each step.
    const each = timed();
    for (const at of [1, 2, 3]) {
      each.after(10, step(at, 60, seed));
      each.after(90, look(at));
    }
    expect(each.timer.time()!.stepMilliseconds).toBe(100);
    // Of a run that goes on, the first two looks tell.
    const on = timed();
    for (const at of [28, 29, 30]) on.after(10, step(at, 60, seed));
    on.after(90, look(30));
    for (const at of [31, 32, 33]) on.after(10, step(at, 60, seed));
    on.after(90, look(33));
    expect(on.timer.time()!.stepMilliseconds).toBe(40);
  });

  it('need not be foretold where a whole seed was seen, its tests and all', () => {
    const { timer, after } = timed();
    const seed = { seed: { index: 0, count: 5 } };
    after(2000, step(1, 100, seed));
    after(190, step(20, 100, seed));
    after(190, look(20));
    after(200, step(20, 100, { ...seed, ...untrained, phase: 'Testing' }));
    expect(timer.hasEnough()).toBe(false);
    after(500, result);
    expect(timer.hasEnough()).toBe(true);
    // 19 steps with their look in 380 ms, and 700 ms of tests behind each 20.
    expect(timer.time()).toEqual({ stepMilliseconds: 20 + 700 / 20, steps: 100, secondsBefore: 2 });
  });

  it('are not those that a seed left out as it stopped early', () => {
    const { timer, after } = timed();
    const seed = { seed: { index: 0, count: 2 } };
    after(1000, step(1, 2000, seed));
    after(400, look(41));
    // Testing stands at the end of the seed, 959 steps on.
    after(300, step(1000, 2000, { ...seed, ...untrained, phase: 'Testing' }));
    after(200, result);
    expect(timer.time()).toEqual({
      stepMilliseconds: 10 + (500 * 2) / 2000,
      steps: 2000,
      secondsBefore: 1,
    });
  });

  it('tell nothing where there was one alone, in which a process starts and compiles', () => {
    const { timer, after } = timed();
    after(38_000, step(1, 20_000));
    after(2000, look(1));
    expect([timer.hasEnough(), timer.time()]).toEqual([false, null]);
    // One is left of a run that goes on.
    const paused = timed();
    paused.after(9000, step(500, 500));
    paused.after(300, look(500));
    paused.after(0, done);
    expect([paused.timer.hasEnough(), paused.timer.time()]).toEqual([true, null]);
    // That of a run of a single step is all there is.
    const single = timed();
    single.after(9000, step(1, 1));
    single.after(300, look(1));
    single.after(700, done);
    expect(single.timer.time()).toEqual({ stepMilliseconds: 10_000, steps: 1, secondsBefore: 0 });
  });

  it('tell nothing of a run that has only its test left', () => {
    const { timer, after } = timed();
    after(9000, step(500, 500, { ...untrained, seed: { index: 0, count: 1 }, phase: 'Testing' }));
    after(300, result);
    after(0, done);
    expect(timer.time()).toBeNull();
  });

  it('are fits where there are none, each with its result, few of them told of', () => {
    const fit = (at: number, count: number) =>
      step(at, count, { ...untrained, seed: { index: at - 1, count } });
    const { timer, after } = timed();
    after(3000, result);
    expect([timer.hasEnough(), timer.time()]).toEqual([false, null]);
    after(0, fit(1, 10));
    expect(timer.time()).toBeNull();
    for (let more = 2; more <= 10; more++) after(50, result);
    after(0, fit(10, 10));
    after(0, done);
    expect(timer.time()).toEqual({ stepMilliseconds: 50, steps: 10, secondsBefore: 3 });
    const single = timed();
    single.after(3000, result);
    single.after(0, fit(1, 1));
    single.after(0, done);
    expect(single.timer.time()).toEqual({ stepMilliseconds: 3000, steps: 1, secondsBefore: 0 });
    // One seed of ten was left.
    const last = timed();
    last.after(3000, result);
    last.after(0, fit(10, 10));
    last.after(0, done);
    expect(last.timer.time()).toBeNull();
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
