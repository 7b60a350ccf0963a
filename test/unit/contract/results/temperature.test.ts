import { expect, it } from 'vitest';
import { believableTemperature, TEMPERATURE_RANGE } from '../../../../src/contract/results/temperature.ts';

it('takes the end of the range for no finding at all', () => {
  expect(believableTemperature(TEMPERATURE_RANGE[0])).toBe(1);
  expect(believableTemperature(0.3)).toBe(0.3);
  expect(believableTemperature(null)).toBeNull();
});
