import { describe, expect, it } from 'vitest';
import {
  deviceWith,
  deviceWords,
  threadsField,
  threadWords,
} from '../../../../../renderer/lib/forms/machine.ts';
import {
  memoryAdvice,
  memoryWords,
  offerHelp,
  offerWords,
} from '../../../../../renderer/lib/forms/memory.ts';
import { problemOf } from '../../../../../src/contract/field-schema.ts';
import { deviceSchema } from '../../../../../src/contract/recipe/device.ts';
import type { MemoryEstimate } from '../../../../../src/contract/machine/memory.ts';

describe('the machine’s settings in the window', () => {
  it('become the recipe’s part about the machine, as its schema has it', () => {
    expect(deviceWith(undefined)).toEqual(deviceSchema.parse({}));
    expect(deviceWith({ threads: null, precision: 'mixed' })).toEqual({ precision: 'mixed' });
    const device = deviceWith({ threads: 3, precision: 'float32' });
    expect(deviceSchema.parse(device)).toEqual({ threads: 3, precision: 'float32' });
  });

  it('take as many threads as the processor has, and say why not more', () => {
    const field = threadsField(4);
    expect([1, 4].map((count) => problemOf(field, count))).toEqual([null, null]);
    expect(problemOf(field, 5)).toBe('Number of threads must be a whole number from 1 to 4. Found: 5.');
    expect(problemOf(field, 0)).toContain('from 1 to 4');
    expect(problemOf(field, undefined)).toBeNull();
  });

  it('are explained in words', () => {
    expect(threadWords(null, 8)).toBe('All 8 threads that the processor runs at once.');
    expect(threadWords(7, 8)).toBe('1 thread stays free for other programs; training is slower.');
    const device = { kind: 'cpu' as const, name: 'AMD EPYC', tensorflow: '2.21.0', mixedPrecision: true };
    expect(deviceWords(device)).toBe('AMD EPYC, by TensorFlow 2.21.0 on the processor');
    expect(deviceWords({ ...device, kind: 'gpu' })).toContain('on the GPU');
  });
});

describe('memory in the window', () => {
  const estimate: MemoryEstimate = {
    stage: 'pretext',
    neededBytes: 3e9,
    freeBytes: 8e9,
    verdict: 'fits',
    offers: [],
  };
  const parts = { field: 'accumulation' as const, value: 4, neededBytes: 1.5e9 };
  const batch = { field: 'batchSize' as const, value: 64, neededBytes: 2e9 };

  it('is a quiet line where it fits, and names offers where it does not', () => {
    expect(memoryWords(estimate)).toBe('Needs about 3.0 GB of memory; 8.0 GB are free.');
    expect(memoryAdvice(estimate)).toBe('');
    const little: MemoryEstimate = {
      ...estimate,
      freeBytes: 1e9,
      verdict: 'too-little',
      offers: [parts, batch],
    };
    expect(memoryWords(little)).toContain('only 1.0 GB are free');
    expect(memoryWords({ ...little, verdict: 'tight' })).toContain('it may not fit');
    expect(memoryAdvice(little)).toContain('or:');
    expect(memoryAdvice({ ...little, offers: [] })).toContain('narrower encoder');
  });

  it('has buttons that say what they do', () => {
    expect(offerWords(parts)).toBe('Steps in 4 parts (1.5 GB)');
    expect(offerWords(batch)).toBe('Batches of 64 (2.0 GB)');
    expect(offerHelp(parts)).toContain('Sets accumulation to 4');
    expect(offerHelp(batch)).toBe('Sets the batch size to 64.');
  });
});
