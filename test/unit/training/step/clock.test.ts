import { expect, it } from 'vitest';
import { createStepClock, timeViews } from '../../../../src/training/step/clock.ts';

async function steps(parts: { input: number; compute: number; dispatch: number; counted: boolean }[]) {
  let time = 1000;
  const clock = createStepClock(() => time);
  for (const part of parts) {
    const batch = await clock.input(async () => {
      time += part.input;
      return 'batch';
    });
    expect(batch).toBe('batch');
    expect(clock.compute(() => ((time += part.compute), 'loss'))).toBe('loss');
    time += part.dispatch;
    clock.endStep(part.counted);
  }
  return clock.times(20);
}

it('shares out the time of counted steps, without the first of the process', async () => {
  const first = { input: 500, compute: 5000, dispatch: 100, counted: true };
  const usual = { input: 10, compute: 80, dispatch: 10, counted: true };
  const probing = { input: 10, compute: 80, dispatch: 4000, counted: false };
  expect(await steps([first, usual, probing, { ...usual, input: 30 }])).toEqual({
    stepMilliseconds: 110,
    stepShareInput: 0.182,
    stepShareViews: 0.182,
    stepShareCompute: 0.545,
    stepShareDispatch: 0.091,
  });
});

it('knows nothing before a second step', async () => {
  expect(await steps([])).toBeNull();
  expect(await steps([{ input: 1, compute: 1, dispatch: 1, counted: true }])).toBeNull();
});

it('takes the median of several runs of the views, without the first', () => {
  let time = 0;
  const lengths = [500, 3, 9, 4, 5, 40];
  expect(
    timeViews(
      () => void (time += lengths.shift()!),
      () => time,
    ),
  ).toBe(5);
});
