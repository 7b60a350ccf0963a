import { expect, it } from 'vitest';
import { commonOptions } from '../../../../src/service/recipes/common-options.ts';

it('keeps what stands in all with one value, of groups as well', () => {
  const first = { width: 8, queueSize: 256, sides: [1, 2], views: { crop: 0.2, flip: 0.5, order: [1, 2] } };
  const second = { width: 8, queueSize: 512, sides: [1, 2], views: { crop: 0.2, flip: 0.4 } };
  expect(commonOptions([first, second])).toEqual({ width: 8, sides: [1, 2], views: { crop: 0.2 } });
  expect(commonOptions([first, second, { width: 9, views: 1 }])).toEqual({});
});

it('is all of one, and nothing of none', () => {
  expect(commonOptions([{ width: 8 }])).toEqual({ width: 8 });
  expect(commonOptions([])).toEqual({});
});
