import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../src/contract/entities.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { paceOf } from '../../../../src/service/tournament/costs.ts';

const recipe = recipeSchema.parse({ name: 'A', data: { pretrain: ['small'] }, tournament: {} });
const shape = [28, 28, 1];
const done = (task: string, samplesPerSecond: number, more: Partial<Run> = {}) => ({
  run: {
    kind: 'pretext',
    status: 'done',
    task,
    datasets: ['small'],
    progress: { samplesPerSecond },
    ...more,
  } as Run,
  encoder: recipe.encoder,
});

describe('how long an epoch will take', () => {
  it('is what it took on the same data, and for other tasks as many times that as they look at a sample', () => {
    const pace = paceOf([done('simclr', 500), done('rotation', 1200)], recipe, shape);
    expect(pace.measured).toBe(true);
    expect(pace.secondsPerSample('simclr')).toBeCloseTo(1 / 500, 12);
    expect(pace.secondsPerSample('rotation')).toBeCloseTo(1 / 1200, 12);
    // Not run yet: like rotation, the last that was, an easy question with one view.
    expect(pace.secondsPerSample('jigsaw')).toBeCloseTo(1 / 1200, 12);
    expect(pace.secondsPerSample('byol')).toBeGreaterThan(1.5 / 1200);
  });

  it('is guessed where nothing has run on the data with the encoder, more for larger images and widths', () => {
    const others = [
      done('simclr', 500, { datasets: ['other'] }),
      { ...done('simclr', 500), encoder: { family: 'plain', options: {} } },
      done('simclr', 500, { status: 'failed' }),
    ];
    const pace = paceOf(others, recipe, shape);
    expect(pace.measured).toBe(false);
    const guess = pace.secondsPerSample('simclr');
    expect(paceOf([], recipe, [56, 28, 1]).secondsPerSample('simclr')).toBeCloseTo(2 * guess, 12);
    const wide = { ...recipe, encoder: { ...recipe.encoder, options: { width: 32 } } };
    expect(paceOf([], wide, shape).secondsPerSample('simclr')).toBeGreaterThan(2 * guess);
  });
});
