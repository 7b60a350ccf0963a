import { expect, it } from 'vitest';
import { stepWords } from '../../../../src/contract/recipe/together-report.ts';

it('says in a sentence what is done to a dataset', () => {
  expect(stepWords({ step: 'resize', from: [28, 28], to: [32, 32] })).toBe(
    'Resized from 28 × 28 to 32 × 32 (height × width).',
  );
  expect(stepWords({ step: 'rate', fromRate: 1000 / 3, toRate: 200, rows: 512 })).toBe(
    'Resampled from 333.3 to 200 samples a second, 512 a window.',
  );
  const mean = Array.from({ length: 9 }, (_, at) => at);
  expect(stepWords({ step: 'scale', mean, deviation: [0.123456] })).toBe(
    'Scaled by itself: each channel minus its mean (0, 1, 2, 3, 4, 5, 6, 7, …), divided by its deviation (0.1235).',
  );
});

it('names what a dataset lacks, and nothing where it lacks nothing', () => {
  expect(stepWords({ step: 'channels', names: ['Fz', 'Cz'], take: [0, -1] })).toBe(
    'Channels in the common order: Fz, Cz. Missing, and 0 throughout: Cz.',
  );
  expect(stepWords({ step: 'channels', names: ['Fz', 'Cz'], take: [1, 0] })).toBe(
    'Channels in the common order: Fz, Cz.',
  );
});
