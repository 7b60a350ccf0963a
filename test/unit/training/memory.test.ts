import { expect, it } from 'vitest';
import type { MemoryNeed } from '../../../src/contract/machine/memory.ts';
import { checkMemory, memoryNeedOf, needFrom } from '../../../src/training/memory.ts';
import type { Program } from '../../../src/tensor/index.ts';

const facts = { stage: 'finetune' as const, batchSize: 16, accumulation: 1, accumulates: true };
const bytes: Record<string, number> = { train: 300, frozen: 500, predict: 200, embed: 100 };

it('takes the largest of the entries that train, and of those that only answer', () => {
  const names = { steps: ['train', 'frozen'], fixed: ['predict', 'embed'] };
  expect(needFrom((entry) => bytes[entry]!, 64, facts, names)).toEqual({
    ...facts,
    stepBytes: 500,
    fixedBytes: 200,
    stateBytes: 64,
  });
});

it('counts the state that a program holds, and says nothing of one that cannot tell', () => {
  const program = {
    peakBytes: (entry: string) => bytes[entry]!,
    readState: () => ({
      a: { shape: [4], dtype: 'float32', values: new Float32Array(4) },
      b: { shape: [3], dtype: 'uint8', values: new Uint8Array(3) },
    }),
  } as unknown as Program;
  const names = { steps: [], fixed: ['embed'] };
  expect(memoryNeedOf(program, facts, names)).toMatchObject({
    stateBytes: 19,
    stepBytes: 0,
    fixedBytes: 100,
  });
  expect(memoryNeedOf({} as Program, facts, names)).toBeNull();
});

const endless: MemoryNeed = { ...facts, stepBytes: 1e15, fixedBytes: 0, stateBytes: 0 };
const listening = () => {
  const told: object[] = [];
  return { told, environment: (values: object) => void told.push(values) };
};

it('ends a run that clearly does not fit before its first step, and has told what it needed', () => {
  const control = listening();
  expect(() => checkMemory(endless, 'cpu', control)).toThrow(/needs about \d+\.\d GB of memory/);
  expect(control.told).toEqual([
    { memoryEstimateMiB: expect.any(Number), memoryFreeMiB: expect.any(Number) },
  ]);
});

it('says nothing of GPUs, whose memory is their own', () => {
  const control = listening();
  checkMemory(endless, 'gpu', control);
  checkMemory(null, 'cpu', control);
  expect(control.told).toEqual([]);
});
