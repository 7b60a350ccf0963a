import { describe, expect, it, onTestFinished } from 'vitest';
import { freeMemory } from '../../../../src/contract/machine/free-memory.ts';
import {
  estimatedBytes,
  judgeMemory,
  tooLittleMemory,
  type MemoryNeed,
} from '../../../../src/contract/machine/memory.ts';

const MIB = 2 ** 20;
const need = (more: Partial<MemoryNeed>): MemoryNeed => ({
  stage: 'pretext',
  stepBytes: 4000 * MIB,
  fixedBytes: 0,
  stateBytes: 10 * MIB,
  batchSize: 256,
  accumulation: 1,
  accumulates: false,
  ...more,
});

describe('the memory estimate', () => {
  // Peak resident memory of processes that trained SimCLR, with what the compiler said of their graphs.
  it.each([
    ['width 8, batch 32', 22.1, 1.3, 590],
    ['width 16, batch 64', 86.7, 4.1, 695],
    ['width 16, batch 256', 346.2, 4.1, 997],
    ['width 32, batch 128', 343.5, 15, 1014],
    ['width 32, batch 256', 686.5, 15, 1484],
  ])('%s is within 10 %% of the measured peak', (_name, peak, state, measured) => {
    const estimate = estimatedBytes(need({ stepBytes: peak * MIB, stateBytes: state * MIB }));
    expect(Math.abs(estimate / (measured * MIB) - 1)).toBeLessThan(0.1);
  });

  // The same of processes that fine-tuned, with predictions of 256 samples.
  it.each([
    ['width 8, batch 32', 12, 24, 2.4, 626],
    ['width 16, batch 64', 43.4, 48, 3.5, 707],
    ['width 32, batch 64', 84, 96, 7.1, 807],
    ['width 16, batch 256', 173, 48, 3.5, 869],
  ])('of fine-tuning, %s, is within 3 %% of the measured peak', (_name, step, fixed, state, measured) => {
    const sizes = { stepBytes: step * MIB, fixedBytes: fixed * MIB, stateBytes: state * MIB };
    const estimate = estimatedBytes(need({ stage: 'finetune', ...sizes }));
    expect(Math.abs(estimate / (measured * MIB) - 1)).toBeLessThan(0.03);
  });

  it('counts predictions in pretraining only where they take more than a step', () => {
    const step = estimatedBytes(need({ stepBytes: 100 * MIB }));
    expect(estimatedBytes(need({ stepBytes: 100 * MIB, fixedBytes: 90 * MIB }))).toBe(step);
    expect(estimatedBytes(need({ stepBytes: 100 * MIB, fixedBytes: 200 * MIB }))).toBe(step + 130 * MIB);
  });
});

describe('whether a run fits', () => {
  // 560 + 1.3 · 4000 + 3 · 10 = 5790 MiB.
  it.each([
    [5790, 'fits'],
    [5789, 'tight'],
    [4632, 'tight'],
    [4631, 'too-little'],
  ])('with %d MiB free: %s', (free, verdict) => {
    expect(judgeMemory(need({}), free * MIB).verdict).toBe(verdict);
  });

  it('offers nothing where it fits', () => {
    expect(judgeMemory(need({ accumulates: true }), 8000 * MIB).offers).toEqual([]);
  });

  it('offers the largest batch of a power of two that fits, and what it would take', () => {
    // 64 samples: 560 + 1.3 · 1000 + 30 = 1890 MiB; 128: 3190.
    const { offers } = judgeMemory(need({}), 2000 * MIB);
    expect(offers).toEqual([{ field: 'batchSize', value: 64, neededBytes: 1890 * MIB }]);
  });

  it('offers first to compute the step in parts, where the loss allows it, with room for the sums', () => {
    // Four parts: 560 + 1.3 · 1000 + 3 · 10 · 4/3 = 1900 MiB.
    const { offers } = judgeMemory(need({ accumulates: true }), 2000 * MIB);
    expect(offers.map(({ field, value }) => [field, value])).toEqual([
      ['accumulation', 4],
      ['batchSize', 64],
    ]);
    expect(offers[0]!.neededBytes / MIB).toBeCloseTo(1900, 6);
  });

  it('goes on from the parts there are', () => {
    const now = need({ accumulates: true, accumulation: 2, stepBytes: 2000 * MIB });
    const { offers } = judgeMemory(now, 2000 * MIB);
    expect(offers[0]).toMatchObject({ field: 'accumulation', value: 4, neededBytes: 1890 * MIB });
    // Batches of 128 in two parts: 1000 MiB of tensors.
    expect(offers[1]).toMatchObject({ field: 'batchSize', value: 128 });
  });

  it('offers no change that does not help: predictions have one size', () => {
    expect(judgeMemory(need({ fixedBytes: 4000 * MIB }), 2000 * MIB).offers).toEqual([]);
    expect(
      judgeMemory(need({ batchSize: 0, stepBytes: 0, fixedBytes: 4000 * MIB }), 600 * MIB).offers,
    ).toEqual([]);
  });
});

describe('the words of a refusal', () => {
  const refusal = (more: Partial<MemoryNeed>, free: number) =>
    tooLittleMemory(judgeMemory(need(more), free * MIB));
  it('name what would fit', () => {
    expect(refusal({ accumulates: true }, 2000)).toEqual({
      code: 'memory.too-little',
      message: 'This run needs about 6.1 GB of memory. Free: 2.1 GB.',
      place: 'pretext.batchSize',
      remedy: 'Set pretext.accumulation to 4, or pretext.batchSize to 64 or less, or close other programs.',
    });
    expect(refusal({ stage: 'finetune' }, 2000).remedy).toBe(
      'Set finetune.batchSize to 64 or less, or close other programs.',
    );
    expect(refusal({}, 600).remedy).toBe('Choose a narrower encoder, or close other programs.');
  });
});

it('what is free can be limited on machines that others use too', () => {
  expect(freeMemory()).toBeGreaterThan(0);
  process.env['PRETEXT_MEMORY_GB'] = '0.25';
  onTestFinished(() => void delete process.env['PRETEXT_MEMORY_GB']);
  expect(freeMemory()).toBe(0.25e9);
  expect(freeMemory(1e12)).toBe(0.25e9);
});
