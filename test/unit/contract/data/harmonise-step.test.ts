import { describe, expect, it } from 'vitest';
import {
  harmoniseStepSchema,
  scalesItself,
  togetherSteps,
  type HarmoniseStep,
} from '../../../../src/contract/data/harmonise-step.ts';

const steps: HarmoniseStep[] = [
  { step: 'rate', fromRate: 256, toRate: 128, rows: 64 },
  { step: 'channels', names: ['Cz', 'Pz'], take: [1, -1] },
  { step: 'scale', mean: [0, 1], deviation: [1, 2] },
];

describe('steps to a common form', () => {
  it('leave samples scaled where they scale, or are columns of tables', () => {
    expect(scalesItself(steps)).toBe(true);
    expect(scalesItself([{ step: 'columns' }])).toBe(true);
    expect(scalesItself(steps.slice(0, 2))).toBe(false);
    expect(scalesItself([])).toBe(false);
  });

  it('of a kept model are those of datasets that were put together; shapes say all others', () => {
    expect(togetherSteps(steps)).toEqual(steps);
    expect(togetherSteps([{ step: 'resize', from: [8, 8], to: [16, 16] }])).toBeNull();
    expect(togetherSteps([])).toBeNull();
  });

  it('are refused where they are not as they were written', () => {
    expect(() => togetherSteps([{ step: 'scale', mean: [0] }])).toThrow(/deviation/);
    expect(() => togetherSteps([{ step: 'turn' }, steps[2]!])).toThrow(/step/);
  });
});

it.each([
  [{ step: 'channels', names: ['a'], take: [-2] }, 'take'],
  [{ step: 'cut', first: 0.5, rows: 3 }, 'first'],
  [{ step: 'resize', from: [8], to: [8, 8] }, 'from'],
  [{ step: 'columns', names: ['a'], take: [0], cells: [{ codes: ['x'] }] }, 'cells'],
])('knows %o as none', (step, field) => {
  const { error } = harmoniseStepSchema.safeParse(step);
  expect(error?.issues[0]?.path[0]).toBe(field);
});
