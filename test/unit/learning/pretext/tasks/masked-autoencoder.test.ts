import { describe, expect, it } from 'vitest';
import { toPatches } from '../../../../../src/learning/layers/patches.ts';
import type { Encoder } from '../../../../../src/learning/encoders/encoder.ts';
import { buildEncoder } from '../../../../../src/learning/encoders/registry.ts';
import { patchReconstruction } from '../../../../../src/learning/losses/reconstruction.ts';
import {
  patchOrder,
  patchTargets,
  visibleCount,
} from '../../../../../src/learning/pretext/tasks/masked-autoencoder.ts';
import { previewItems } from '../../../../../src/learning/pretext/preview.ts';
import { buildPretextModel, findPretextTask } from '../../../../../src/learning/pretext/registry.ts';
import { parseOptions } from '../../../../../src/contract/fields.ts';
import { compileProgram, gradients, seedOf, tf, type Tensor } from '../../../../../src/tensor/index.ts';
import { pretextEntries, type Setting } from '../../programs.ts';
import { randomStream } from '../../../../../src/learning/random.ts';
import { bytesOf, maxDifference, seed } from '../../helpers.ts';

const statistics = { mean: [128], standardDeviation: [64] };
const still = { cropMinimum: 1, cropRatio: 1, flipProbability: 0, jitterProbability: 0, greyProbability: 0 };
const build = (options: Record<string, unknown>, family = 'vit') => {
  const encoderOptions = family === 'vit' ? { width: 16, depth: 2, heads: 2, patch: 4 } : {};
  const encoder = buildEncoder({ family, options: encoderOptions }, 'image', [16, 16, 1]);
  const model = buildPretextModel(
    {
      task: 'masked-autoencoder',
      options: { imageViews: still, decoderWidth: 16, ...options },
      sampleCount: 100,
    },
    { encoder, inputShape: [16, 16, 1], modality: 'image', batchSize: 4, channelStatistics: statistics },
  );
  const lossOf = (samples: Tensor, parameters = model.parameters(1)) =>
    model.loss({
      parameters,
      statistics: {},
      buffers: {},
      samples,
      seed: seed(4),
      training: true,
      progress: tf.scalar(0),
    }).loss;
  return { model, lossOf };
};

/** Four directions, a random width and place, little noise: uint8 [count, 16, 16, 1]. */
function smoothStripes(count: number): Uint8Array {
  const stream = randomStream(1, 'smooth stripes');
  const images = Array.from({ length: count }, (_, i) => {
    const [period, shift] = [8 + 3 * stream.uniform(), 2 * Math.PI * stream.uniform()];
    const angle = ((i % 4) * Math.PI) / 4;
    return Array.from({ length: 256 }, (_, at) => {
      const along = (at % 16) * Math.cos(angle) + Math.floor(at / 16) * Math.sin(angle);
      return 128 + 60 * Math.sin((2 * Math.PI * along) / period + shift) + 3 * stream.normal();
    });
  });
  return Uint8Array.from(images.flat());
}

describe('covering', () => {
  it('reads the share that is left, and never all or nothing', () => {
    expect(visibleCount(64, 0.75)).toBe(16);
    expect(visibleCount(49, 0.75)).toBe(12);
    expect(visibleCount(4, 0.95)).toBe(1);
    expect(visibleCount(4, 0.1)).toBe(3);
  });

  it('orders the patches of every sample anew, each patch once', () => {
    const rows = patchOrder(seed(1), 50, 16).arraySync() as number[][];
    for (const row of rows) expect(row.toSorted((a, b) => a - b)).toEqual([...Array(16).keys()]);
    expect(new Set(rows.map((row) => row.join())).size).toBe(50);
    // Every patch is among the first four in about a quarter of the samples.
    const many = patchOrder(seed(2), 4000, 16).arraySync() as number[][];
    for (let patch = 0; patch < 16; patch++) {
      const read = many.filter((row) => row.slice(0, 4).includes(patch)).length;
      expect(Math.abs(read - 1000)).toBeLessThan(5 * Math.sqrt(750));
    }
  });
});

describe('the targets', () => {
  it('are patches of mean 0 and unbiased deviation 1, and 0 where nothing is to be seen', () => {
    const patches = tf.tensor3d([
      [
        [1, 2, 3, 4],
        [7, 7, 7, 7],
      ],
    ]);
    const root = Math.sqrt(5 / 3);
    const expected = [-1.5, -0.5, 0.5, 1.5].map((value) => value / root);
    const [row, flat] = (patchTargets(patches, true).arraySync() as number[][][])[0]!;
    row!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect(flat).toEqual([0, 0, 0, 0]);
    expect(patchTargets(patches, false)).toBe(patches);
  });

  it('are told with the mean squared error', () => {
    const loss = patchReconstruction(tf.tensor3d([[[1, 2]], [[3, 4]]]), tf.tensor3d([[[1, 0]], [[0, 5]]]));
    expect(loss.dataSync()[0]).toBeCloseTo((0 + 4 + 9 + 1) / 4, 6);
  });
});

describe('the masked autoencoder', () => {
  const samples = tf.cast(bytesOf([4, 16, 16, 1]), 'float32');

  it('has the loss of its targets where the decoder says nothing', () => {
    const { model, lossOf } = build({});
    const parameters = model.parameters(1);
    for (const name of ['decoder/leave/kernel', 'decoder/leave/bias'])
      parameters[name] = tf.zerosLike(parameters[name]!);
    // Every target has the unbiased variance 1, so its mean square is (16 − 1) / 16.
    expect(lossOf(samples, parameters).dataSync()[0]).toBeCloseTo(15 / 16, 3);
  });

  it('counts the error of covered patches only, each once', () => {
    const { model, lossOf } = build({ normalizeTargets: false });
    const parameters = model.parameters(1);
    for (const name of ['decoder/leave/kernel', 'decoder/leave/bias'])
      parameters[name] = tf.zerosLike(parameters[name]!);
    const order = patchOrder(seed(4), 4, 16).arraySync() as number[][];
    const patches = toPatches(tf.div(tf.sub(samples, 128), 64), 4).arraySync() as number[][][];
    const covered = order.flatMap((row, i) => row.slice(4).flatMap((patch) => patches[i]![patch]!));
    expect(covered).toHaveLength(4 * 12 * 16);
    const expected = covered.reduce((sum, value) => sum + value ** 2, 0) / covered.length;
    expect(lossOf(samples, parameters).dataSync()[0]! / expected).toBeCloseTo(1, 3);
  });

  it('moves every variable of encoder and decoder', () => {
    const { model, lossOf } = build({});
    const { grads } = gradients((parameters) => ({ loss: lossOf(samples, parameters) }), model.parameters(1));
    for (const [name, slope] of Object.entries(grads))
      expect(tf.max(tf.abs(slope)).dataSync()[0], name).toBeGreaterThan(0);
  });

  it('learns: it tells much more than that patches have a mean', () => {
    const setting: Setting = {
      task: 'masked-autoencoder',
      encoder: 'vit',
      modality: 'image',
      inputShape: [16, 16, 1],
      batchSize: 32,
      encoderOptions: { width: 32, depth: 2, heads: 2, patch: 4 },
      options: { maskRatio: 0.5 },
    };
    const { initial, entries } = pretextEntries(setting);
    const program = compileProgram(initial, { train: entries.train });
    const images = smoothStripes(256);
    const losses = Array.from({ length: 500 }, (_, step) => {
      const first = (step % 8) * 32 * 256;
      const samples = images.slice(first, first + 32 * 256);
      return program.run('train', { samples, seed: seedOf(1, step), progress: step / 500 })['loss']![0]!;
    });
    program.dispose();
    const last = losses.slice(-20).reduce((sum, value) => sum + value, 0) / 20;
    // Nothing known is an error of 15 / 16.
    expect(last).toBeLessThan(0.7);
  });

  it('says which encoder it needs', () => {
    expect(() => build({}, 'residual')).toThrow('needs an encoder that reads single patches');
  });

  it('shows what is read and what is asked: together they are the sample', () => {
    const task = findPretextTask('masked-autoencoder', 'signal');
    const shown = (encoder?: Encoder) =>
      previewItems(
        task,
        {
          modality: 'signal',
          options: parseOptions(task.options, { maskRatio: 0.75 }, 'options'),
          channelStatistics: { mean: [0, 0], standardDeviation: [1, 1] },
          samples: tf.randomNormal([1, 70, 2], 0, 1, 'float32', 3),
          seed: seed(1),
          ...(encoder && { encoder }),
        },
        [5],
      )[0]!;
    const item = shown();
    expect(item.pseudoLabel).toBe('26 of 35 patches covered, to be told');
    const [sample, read, target] = item.panels.map((panel) => panel.values);
    expect(read!.filter((value) => value !== 0)).toHaveLength(9 * 2 * 2);
    sample!.forEach((value, i) => expect(read![i]! + target![i]!).toBeCloseTo(value, 4));
    const chosen = buildEncoder({ family: 'vit', options: { patch: 10 } }, 'signal', [70, 2]);
    expect(shown(chosen).pseudoLabel).toBe('5 of 7 patches covered, to be told');
  });

  it('leaves the tensors as they were', () => {
    const { model, lossOf } = build({});
    const parameters = model.parameters(1);
    const before = tf.memory().numTensors;
    tf.tidy(() => void lossOf(samples, parameters));
    expect(tf.memory().numTensors).toBe(before);
    expect(maxDifference(samples, tf.cast(bytesOf([4, 16, 16, 1]), 'float32'))).toBe(0);
  });
});
