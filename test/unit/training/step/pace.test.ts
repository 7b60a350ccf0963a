import { expect, it } from 'vitest';
import { createPaceMeter } from '../../../../src/training/step/pace.ts';

it('tells samples per second and the time left from the last steps', () => {
  let clock = 0;
  const meter = createPaceMeter(() => clock);
  expect(meter.pace(10, 32)).toEqual({ samplesPerSecond: null, secondsLeft: null });
  for (let step = 1; step <= 5; step++) {
    meter.mark(step);
    clock += 500;
  }
  expect(meter.pace(10, 32)).toEqual({ samplesPerSecond: 64, secondsLeft: 5 });
});

it('follows a change of speed and forgets what lies before a restart', () => {
  let clock = 0;
  const meter = createPaceMeter(() => clock);
  for (let step = 1; step <= 100; step++) {
    meter.mark(step);
    clock += step < 50 ? 1000 : 100;
  }
  expect(meter.pace(20, 1).secondsLeft).toBeCloseTo(2, 6);
  meter.restart();
  expect(meter.pace(20, 1).secondsLeft).toBeNull();
});
