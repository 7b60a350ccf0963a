/** Features of stored samples, by a program with an `embed` entry. */
import type { FeatureMatrix } from '../../learning/evaluation/probes/features.ts';
import type { Program } from '../../tensor/index.ts';
import { runOverSamples, type StoredSamples } from './reader.ts';

export async function featuresOf(
  program: Program,
  dataset: StoredSamples,
  indices: Int32Array,
): Promise<FeatureMatrix> {
  const { values, width } = await runOverSamples({
    program,
    entry: 'embed',
    output: 'features',
    dataset,
    indices,
  });
  return { values, rows: indices.length, columns: width };
}
