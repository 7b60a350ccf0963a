import { describe, expect, it } from 'vitest';
import type { PretextError } from '../../../src/contract/errors.ts';
import { estimatedBytes, requireMemory } from '../../../src/training/memory.ts';

const MIB = 2 ** 20;

describe('the memory estimate', () => {
  // Peak resident memory of processes that trained SimCLR, with what the compiler said of their graphs.
  it.each([
    ['width 8, batch 32', 22.1, 1.3, 590],
    ['width 16, batch 64', 86.7, 4.1, 695],
    ['width 16, batch 256', 346.2, 4.1, 997],
    ['width 32, batch 128', 343.5, 15, 1014],
    ['width 32, batch 256', 686.5, 15, 1484],
  ])('%s is within 10 %% of the measured peak', (_name, peak, state, measured) => {
    const ratio = estimatedBytes({ peakBytes: peak * MIB, stateBytes: state * MIB }) / (measured * MIB);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });

  it('refuses what clearly will not fit, and says what would', () => {
    const need = { peakBytes: 4000 * MIB, stateBytes: 10 * MIB };
    const ask = (freeMiB: number, accumulates: boolean) => () =>
      requireMemory(need, freeMiB * MIB, { batchSize: 256, accumulates });
    expect(ask(8000, true)).not.toThrow();
    const remedyOf = (run: () => void) => {
      try {
        run();
      } catch (error) {
        return (error as PretextError).failure.remedy;
      }
      return undefined;
    };
    // (2000 − 560 − 30) / (1.3 · 4000) of 256.
    expect(remedyOf(ask(2000, true))).toContain('batch size of 69 or less, or set pretext.accumulation');
    expect(remedyOf(ask(2000, false))).not.toContain('accumulation');
    expect(remedyOf(ask(600, false))).toContain('narrower encoder');
  });
});
