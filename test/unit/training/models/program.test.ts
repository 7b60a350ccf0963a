import { beforeAll, expect, it } from 'vitest';
import { buildDownstreamModel } from '../../../../src/learning/downstream/model.ts';
import { headKind } from '../../../../src/learning/downstream/head.ts';
import { buildEncoder } from '../../../../src/learning/encoders/registry.ts';
import { startTensorFlow, type StateArrays } from '../../../../src/tensor/index.ts';
import { takeArrays } from '../../../../src/training/checkpoints/state-arrays.ts';
import { answersOutput, compileModel } from '../../../../src/training/models/program.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

const model = (others: boolean) =>
  buildDownstreamModel({
    encoder: buildEncoder(
      { family: 'residual', options: { width: 4, features: 8, stages: 1 } },
      'signal',
      [16, 2],
    ),
    head: headKind('classes', 3),
    ...(others && { others: [{ name: 'clinic', head: headKind('number', 1) }] }),
    modality: 'signal',
    augmentation: 'none',
    channelStatistics: { mean: [0, 0], standardDeviation: [1, 1] },
  });

it('answers by each head on the same features, as a model with that head alone would', () => {
  const both = model(true);
  const weights: StateArrays = takeArrays({ ...both.parameters(3), ...both.statistics() });
  const sample = { shape: [16, 2], dtype: 'float32' as const };
  const samples = Float32Array.from({ length: 32 * 32 }, (_, at) => Math.sin(at));
  const program = compileModel(both, sample, weights);
  const found = program.run('predict/32', { samples });
  program.dispose();
  expect([answersOutput(0), answersOutput(1)]).toEqual(['answers', 'answers-1']);
  expect(Object.keys(found).toSorted()).toEqual(['answers', 'answers-1', 'features']);
  expect(found['answers-1']).toHaveLength(32);
  const [kernel, bias] = ['kernel', 'bias'].map((name) => weights[`heads/clinic/${name}`]!.values);
  const features = found['features']!;
  const byHand = Array.from({ length: 32 }, (_, row) =>
    Array.from(kernel!, (weight, at) => weight * features[row * 8 + at]!).reduce(
      (sum, part) => sum + part,
      bias![0]!,
    ),
  );
  byHand.forEach((value, row) => expect(found['answers-1']![row]).toBeCloseTo(value, 5));
});
