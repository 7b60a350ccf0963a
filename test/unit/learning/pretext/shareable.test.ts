import { describe, expect, it } from 'vitest';
import { requireShareable } from '../../../../src/learning/pretext/shareable.ts';

const context = { modality: 'image' as const, inputShape: [16, 16, 1], sampleCount: 1000 };
const run = { task: 'simclr', options: {}, batchSize: 64, accumulation: 1 };

describe('what several processes can compute together', () => {
  it('takes equal parts of at least two samples', () => {
    expect(() => requireShareable(run, 2, context)).not.toThrow();
    expect(() => requireShareable(run, 3, context)).toThrow(/64 cannot be shared by 3 processes/);
    expect(() => requireShareable({ ...run, batchSize: 4 }, 4, context)).toThrow(/two|2 at least/);
    expect(() => requireShareable({ ...run, accumulation: 32 }, 2, context)).toThrow(/in 32 parts/);
  });

  it('refuses by name, with its reason, what would go from process to process', () => {
    const moco = { ...run, task: 'moco-v2' };
    expect(() => requireShareable(moco, 2, context)).toThrow(/MoCo v2.*groups of a shuffled batch/);
    expect(() => requireShareable({ ...moco, options: { keyGroups: 1 } }, 2, context)).not.toThrow();
  });
});
