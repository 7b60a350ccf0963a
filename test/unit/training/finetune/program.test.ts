import { describe, expect, it } from 'vitest';
import type { HeadKind } from '../../../../src/learning/downstream/head.ts';
import { buildDownstreamModel } from '../../../../src/learning/downstream/model.ts';
import { buildEncoder, encoders } from '../../../../src/learning/encoders/registry.ts';
import { compileProgram, eagerProgram, seedOf, type Program } from '../../../../src/tensor/index.ts';
import { createFinetuneProgram } from '../../../../src/training/finetune/program.ts';
import { createOptimizer } from '../../../../src/training/step/optimizers.ts';
import { bytesOf, signalsOf } from '../../learning/helpers.ts';
import { smallOptionsOf } from '../../learning/small-encoders.ts';

const batchSize = 8;
const kinds = {
  image: {
    shape: [16, 12, 3],
    dtype: 'uint8' as const,
    samples: Uint8Array.from(bytesOf([batchSize, 16, 12, 3]).dataSync()),
    channelStatistics: { mean: [127, 127, 127], standardDeviation: [64, 64, 64] },
  },
  signal: {
    shape: [40, 3],
    dtype: 'float32' as const,
    samples: signalsOf(batchSize, 40, 3).dataSync() as Float32Array,
    channelStatistics: { mean: [2, 2.2, 2.4], standardDeviation: [0.7, 0.7, 0.7] },
  },
};
const heads: { head: HeadKind; targets: Int32Array | Float32Array }[] = [
  { head: { kind: 'softmax', classCount: 4 }, targets: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3) },
  {
    head: { kind: 'linear', targetMean: 100, targetDeviation: 20 },
    targets: Float32Array.of(80, 90, 100, 110, 120, 100, 95, 105),
  },
];
const settings = (['image', 'signal'] as const).flatMap((modality) =>
  encoders
    .filter((encoder) => encoder.modalities.includes(modality))
    .flatMap(({ id }) =>
      heads.map(({ head, targets }) => ({ modality, family: id, kind: head.kind, head, targets })),
    ),
);

const worst = (values: ArrayLike<number>, than: ArrayLike<number>) =>
  Array.from(values).reduce((most, value, index) => Math.max(most, Math.abs(value - than[index]!)), 0);

describe.each(settings)('a $kind head on $family, of $modality', ({ modality, family, head, targets }) => {
  const { shape, dtype, samples, channelStatistics } = kinds[modality];
  const encoder = buildEncoder({ family, options: smallOptionsOf(family) }, modality, shape);
  const design = {
    model: buildDownstreamModel({ encoder, head, modality, augmentation: 'none', channelStatistics }),
    optimizer: createOptimizer({ kind: 'momentum', weightDecay: 1e-4 }),
    channelStatistics,
    sample: { shape, dtype },
    batchSize,
    steps: ['train', 'trainHead'] as const,
  };
  const inputs = {
    samples,
    targets,
    weights: Float32Array.of(1, 1, 1, 1, 1, 1, 2, 0),
    seed: seedOf(3, 1),
    learningRate: 0.01,
  };
  const both = (): [Program, Program] => [
    createFinetuneProgram(design, compileProgram),
    createFinetuneProgram(design, eagerProgram),
  ];

  it.each(design.steps)('takes the same step compiled as op by op: %s', (entry) => {
    const programs = both();
    const before = programs[0].readState();
    const [found, expected] = programs.map((program) => program.run(entry, inputs));
    expect(worst(found!['loss']!, expected!['loss']!)).toBeLessThan(1e-5 * Math.abs(expected!['loss']![0]!));
    const [after, wanted] = programs.map((program) => program.readState());
    const change = (name: string) => worst(wanted![name]!.values, before[name]!.values);
    const most = Math.max(...Object.keys(before).map(change));
    expect(change('head/kernel')).toBeGreaterThan(0);
    for (const name of Object.keys(before))
      // What hardly moves does so by rounding alone.
      expect(worst(after![name]!.values, wanted![name]!.values), name).toBeLessThan(
        2e-3 * Math.max(change(name), 0.01 * most),
      );
    for (const program of programs) program.dispose();
  });

  it('gives the same answers compiled as op by op', () => {
    const programs = both();
    const four = new (samples.constructor as typeof Float32Array)(4 * samples.length);
    for (let copy = 0; copy < 4; copy++) four.set(samples, copy * samples.length);
    const [found, expected] = programs.map((program) => program.run('predict/32', { samples: four }));
    const outputs = head.kind === 'softmax' ? head.classCount : 1;
    expect(expected!['answers']!.length).toBe(4 * batchSize * outputs);
    const scale = head.kind === 'softmax' ? 1 : 100;
    expect(worst(found!['answers']!, expected!['answers']!)).toBeLessThan(1e-5 * scale);
    for (const program of programs) program.dispose();
  });
});
