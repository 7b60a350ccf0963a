import { beforeAll, describe, expect, it } from 'vitest';
import { startTensorFlow, tf, type State } from '../../../../src/tensor/index.ts';
import { createOptimizer } from '../../../../src/training/step/optimizers.ts';
import { readOptimizers } from '../../../fixtures/pytorch/read.ts';

beforeAll(async () => {
  await startTensorFlow();
});

const gradientAt = (step: number) => [0.5 - 0.1 * step, -2, 0.01 * step, 3];
const start = [1, -1, 0.5, 2];

/** Runs `steps` updates of one 2×2 kernel and one bias of the same values. */
function run(options: Parameters<typeof createOptimizer>[0], steps: number, rate: number) {
  const optimizer = createOptimizer(options);
  let parameters: State = { kernel: tf.tensor2d(start, [2, 2]), bias: tf.tensor1d(start) };
  let slots = optimizer.slots(parameters);
  for (let step = 1; step <= steps; step++) {
    const gradients: State = {
      kernel: tf.tensor2d(gradientAt(step), [2, 2]),
      bias: tf.tensor1d(gradientAt(step)),
    };
    const next = optimizer.update(parameters, gradients, slots, tf.scalar(rate));
    parameters = { ...parameters, ...next.parameters };
    slots = { ...slots, ...next.slots };
  }
  return { kernel: [...parameters['kernel']!.dataSync()], bias: [...parameters['bias']!.dataSync()] };
}

/** The algorithm of Loshchilov and Hutter 2019 as PyTorch documents it, one number at a time in float64. */
function adamWByHand(value: number, index: number, steps: number, rate: number, decay: number) {
  let [mean, square] = [0, 0];
  for (let step = 1; step <= steps; step++) {
    const gradient = gradientAt(step)[index]!;
    value -= rate * decay * value;
    mean = 0.9 * mean + 0.1 * gradient;
    square = 0.999 * square + 0.001 * gradient * gradient;
    value -= (rate * (mean / (1 - 0.9 ** step))) / (Math.sqrt(square / (1 - 0.999 ** step)) + 1e-8);
  }
  return value;
}

describe('AdamW', () => {
  it('moves by the learning rate against the sign of the gradient in its first step', () => {
    const { bias } = run({ kind: 'adamw', weightDecay: 0 }, 1, 0.1);
    [0.9, -0.9, 0.4, 1.9].forEach((expected, i) => expect(bias[i]).toBeCloseTo(expected, 4));
  });

  it('follows the published algorithm over many steps, decaying kernels and not biases', () => {
    const { kernel, bias } = run({ kind: 'adamw', weightDecay: 0.2 }, 20, 0.05);
    start.forEach((value, i) => {
      expect(kernel[i]).toBeCloseTo(adamWByHand(value, i, 20, 0.05, 0.2), 4);
      expect(bias[i]).toBeCloseTo(adamWByHand(value, i, 20, 0.05, 0), 4);
    });
  });

  it('scales the learning rate by parameter, and a scale of zero stands still', () => {
    const { kernel, bias } = run(
      { kind: 'adamw', weightDecay: 0, learningRateScales: { kernel: 0, bias: 0.5 } },
      5,
      0.1,
    );
    expect(kernel).toEqual(start);
    start.forEach((value, i) => expect(bias[i]).toBeCloseTo(adamWByHand(value, i, 5, 0.05, 0), 4));
  });
});

describe('momentum SGD', () => {
  it('adds up velocities', () => {
    const { bias } = run({ kind: 'momentum', weightDecay: 0 }, 2, 0.1);
    // v1 = g1, v2 = 0.9 g1 + g2; the value falls by 0.1 (v1 + v2).
    start.forEach((value, i) => {
      const [first, second] = [gradientAt(1)[i]!, gradientAt(2)[i]!];
      expect(bias[i]).toBeCloseTo(value - 0.1 * (first + 0.9 * first + second), 5);
    });
  });
});

describe('twenty steps end where those of PyTorch, and for LARS of LightlySSL, end', () => {
  const peers = readOptimizers();
  const settings = {
    adamw: { weightDecay: 0.2, rate: 0.05 },
    momentum: { weightDecay: 0, rate: 0.05 },
    lars: { weightDecay: 0.02, rate: 0.4 },
  } as const;

  it.each(['adamw', 'momentum', 'lars'] as const)('%s', (kind) => {
    const { weightDecay, rate } = settings[kind];
    const found = run({ kind, weightDecay }, 20, rate);
    for (const name of ['kernel', 'bias'] as const)
      peers[kind][name].forEach((expected, i) => {
        expect(Math.abs(found[name][i]! - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-5);
      });
  });
});

describe('LARS', () => {
  it('moves a kernel by a share of its own length, whatever the length of the gradient', () => {
    const optimizer = createOptimizer({ kind: 'lars', weightDecay: 0 });
    const move = (factor: number) => {
      const parameters: State = { kernel: tf.tensor2d([3, 0, 0, 4], [2, 2]) };
      const gradients: State = { kernel: tf.tensor2d([0, factor, 0, 0], [2, 2]) };
      const next = optimizer.update(parameters, gradients, optimizer.slots(parameters), tf.scalar(1));
      return next.parameters['kernel']!.dataSync()[1]!;
    };
    // Length 5, trust coefficient 0.001.
    expect(move(0.1)).toBeCloseTo(-0.005, 6);
    expect(move(100)).toBeCloseTo(-0.005, 6);
    expect(move(0)).toBe(0);
  });
});
