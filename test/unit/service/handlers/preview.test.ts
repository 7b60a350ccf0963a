import { describe, expect, it } from 'vitest';
import { connected } from '../../../fixtures/connected.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

interface Asked {
  indices: number[];
  dataset: { offsets: Float64Array };
  sampleCount: number;
}

describe('a preview', () => {
  it('shows samples from all over a dataset, others with another seed', async () => {
    const project = temporaryProject();
    const samples = Array.from({ length: 10 }, (_, at) => sample(at));
    const { id: datasetId } = addDataset(project, 'small', samples);
    const asked: Asked[] = [];
    const client = await connected(project, { preview: (question: Asked) => (asked.push(question), []) });
    const wish = { datasetId, task: 'simclr', options: {} };
    for (const [count, seed] of [
      [3, 0],
      [3, 9],
      [50, 0],
    ] as const)
      await client.preview({ ...wish, count: Math.min(count, 16), seed });
    expect(asked.map(({ indices }) => indices)).toEqual([
      [0, 3, 6],
      [9, 2, 5],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ]);
    expect([...asked[0]!.dataset.offsets]).toEqual([0, 768, 1536]);
    expect(asked[0]!.sampleCount).toBe(10);
  });
});
