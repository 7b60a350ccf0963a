import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answerPreview } from '../../../../src/training/questions/preview.ts';
import { tf } from '../../../../src/tensor/index.ts';
import { writeStripes } from '../../../fixtures/stripes.ts';

it('a preview shows the samples asked for, by their places in the dataset, and leaves no tensor behind', async () => {
  const dataset = await writeStripes(await mkdtemp(join(tmpdir(), 'pretext-preview-')), 4);
  const question = {
    modality: 'image' as const,
    inputShape: dataset.shape,
    task: 'rotation',
    options: {},
    seed: 3,
    sampleCount: 400,
    dataset,
    indices: [7, 107, 207, 307],
  };
  await answerPreview(question);
  const before = tf.memory().numTensors;
  const items = await answerPreview(question);
  expect(tf.memory().numTensors).toBe(before);
  expect(items.map(({ sampleIndex }) => sampleIndex)).toEqual(question.indices);
  for (const { panels } of items)
    for (const { values, shape } of panels) {
      expect(shape).toEqual(dataset.shape);
      expect(values).toHaveLength(144);
      expect(Math.max(...values)).toBeGreaterThan(100);
    }
  // Other samples look otherwise, and the same ones alike with the same seed.
  expect(items[0]!.panels[0]!.values).not.toEqual(items[1]!.panels[0]!.values);
  expect(await answerPreview(question)).toEqual(items);
});
