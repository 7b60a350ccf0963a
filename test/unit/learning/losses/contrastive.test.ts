import { describe, expect, it, onTestFinished } from 'vitest';
import { infoNce, infoNceWithQueue } from '../../../../src/learning/losses/info-nce.ts';
import { ntXent } from '../../../../src/learning/losses/nt-xent.ts';
import { sinkhorn } from '../../../../src/learning/losses/sinkhorn.ts';
import { supervisedContrastive } from '../../../../src/learning/losses/supervised-contrastive.ts';
import {
  swappedPrediction,
  type PrototypeScores,
} from '../../../../src/learning/losses/swapped-prediction.ts';
import { enqueue, nearestOf } from '../../../../src/learning/pretext/parts/queue.ts';
import {
  compileProgram,
  gradients,
  l2Normalize,
  tf,
  type Scalar,
  type Tensor,
} from '../../../../src/tensor/index.ts';
import '../helpers.ts';
import fixture from './contrastive-fixture.json' with { type: 'json' };

const [first, second, queue] = [fixture.inputs.first, fixture.inputs.second, fixture.inputs.queue].map(
  (rows) => tf.tensor2d(rows),
) as [Tensor, Tensor, Tensor];
const labels = tf.tensor1d(fixture.inputs.labels, 'int32');

interface Expected {
  loss: number;
  gradients: number[][][];
}

/** Value and gradients of a loss against the fixture's. */
function expectAgreement(
  loss: (...inputs: Tensor[]) => Scalar,
  inputs: readonly Tensor[],
  expected: Expected,
): void {
  const names = inputs.map((_, i) => `input${i}`);
  const { value, grads } = gradients(
    (parameters) => ({ loss: loss(...names.map((name) => parameters[name]!)) }),
    Object.fromEntries(names.map((name, i) => [name, inputs[i]!])),
  );
  expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 5);
  names.forEach((name, i) => expectRows(grads[name]!, expected.gradients[i]!));
}

function expectRows(found: Tensor, expected: number[][]): void {
  const wanted = tf.tensor2d(expected);
  expect(found.shape).toEqual(wanted.shape);
  expect(tf.max(tf.abs(tf.sub(found, wanted))).dataSync()[0]).toBeLessThan(2e-5);
}

describe('LightlySSL and PyTorch find the same values and gradients', () => {
  it('for NT-Xent', () => {
    const { temperature } = fixture.ntXent;
    expectAgreement((a, b) => ntXent(a!, b!, temperature).loss, [first, second], fixture.ntXent);
  });

  it('for the supervised contrast', () => {
    const loss = (a: Tensor, b: Tensor) =>
      supervisedContrastive(a, b, labels, fixture.supervised.temperature).loss;
    expectAgreement((a, b) => loss(a!, b!), [first, second], fixture.supervised);
  });

  it('for MoCo with a queue', () => {
    const { temperature } = fixture.moco;
    expectAgreement((a) => infoNceWithQueue(a!, second, queue, temperature).loss, [first], fixture.moco);
  });

  it('for nearest neighbours in a queue, and the contrast of NNCLR with them', () => {
    const neighbours = nearestOf(queue, first);
    expectRows(neighbours, fixture.neighbours);
    expectAgreement((b) => infoNce(neighbours, b!, fixture.nnclr.temperature).loss, [second], fixture.nnclr);
  });
});

it('compiles for batches whose unit matrix would be too large a constant', () => {
  const views = { shape: [1024, 2], dtype: 'float32' as const };
  const program = compileProgram(
    { unused: tf.scalar(0) },
    { loss: { inputs: { views }, run: (_, { views: x }) => ({ state: {}, outputs: ntXent(x!, x!, 0.5) }) } },
  );
  onTestFinished(() => program.dispose());
  // Where all views are alike, each of the 2047 others is as likely as the right one.
  const { loss } = program.run('loss', { views: new Float32Array(2048).fill(1) });
  expect(loss![0]).toBeCloseTo(Math.log(2047), 4);
});

describe('the swapped prediction', () => {
  const scores = Object.fromEntries(
    Object.entries(fixture.inputs.scores).map(([name, rows]) => [name, tf.tensor2d(rows)]),
  ) as Record<keyof typeof fixture.inputs.scores, Tensor>;
  const options = { temperature: 0.1, epsilon: 0.05, iterations: 3 };
  const all = [scores.first, scores.second, scores.small1, scores.small2];
  const multiCrop = (inputs: Tensor[], queue?: PrototypeScores['queue']) =>
    swappedPrediction(
      { large: [inputs[0]!, inputs[1]!], small: tf.concat([inputs[2]!, inputs[3]!], 0), queue },
      options,
    ).loss;
  const queueOf = (weight: 0 | 1): PrototypeScores['queue'] => ({
    scores: [scores.queue1, scores.queue2],
    weights: [tf.fill([8], weight), tf.fill([8], weight)],
  });

  it('has LightlySSL’s codes: each sample’s sum to 1, and all prototypes are used alike', () => {
    expectRows(sinkhorn(scores.first, options), fixture.sinkhorn);
    const codes = sinkhorn(scores.first, { epsilon: 0.2, iterations: 200 });
    for (const sum of tf.sum(codes, 0).dataSync()) expect(sum).toBeCloseTo(6 / 4, 4);
    for (const sum of tf.sum(codes, 1).dataSync()) expect(sum).toBeCloseTo(1, 5);
  });

  it('has LightlySSL’s value and gradients, with two views, with small crops and with a queue', () => {
    expectAgreement(
      (...large) => swappedPrediction({ large: [large[0]!, large[1]!] }, options).loss,
      all.slice(0, 2),
      fixture.swav,
    );
    expectAgreement((...inputs) => multiCrop(inputs), all, fixture.swavMultiCrop);
    expectAgreement((...inputs) => multiCrop(inputs, queueOf(1)), all, fixture.swavQueue);
  });

  it('does not see rows of the queue without weight', () => {
    const expected = multiCrop(all).dataSync()[0]!;
    expect(multiCrop(all, queueOf(0)).dataSync()[0]).toBeCloseTo(expected, 6);
  });
});

/** Row i, column k: sin(t_k + phase) + i / 64, t from 0 to 8π in 128 points. */
const waves = (phase: number) =>
  tf.tensor2d(
    Array.from({ length: 64 }, (_, i) =>
      Array.from({ length: 128 }, (_, k) => Math.sin((8 * Math.PI * k) / 127 + phase) + i / 64),
    ),
  );

describe('the contrasts of MoCo as selfEEG reports them', () => {
  const [query, key] = [waves(Math.PI / 6), waves(Math.PI / 4)];

  it('v2: 108.6667 with a queue that is not normalised (T = 0.07)', () => {
    // u[j, k] = sin(s_k + π/3) + j / 128: 128 features of 1024 negatives.
    const negatives = tf.tensor2d(
      Array.from({ length: 1024 }, (_, k) =>
        Array.from({ length: 128 }, (_, j) => Math.sin((8 * Math.PI * k) / 1023 + Math.PI / 3) + j / 128),
      ),
    );
    expect(infoNceWithQueue(query, key, negatives, 0.07).loss.dataSync()[0]).toBeCloseTo(108.6667, 3);
  });

  it('v3: 0.49521 (times 2T, T = 0.07)', () => {
    expect(2 * 0.07 * infoNce(query, key, 0.07).loss.dataSync()[0]!).toBeCloseTo(0.49521, 5);
  });
});

describe('the supervised contrast', () => {
  it('is NT-Xent where every sample is a class of its own', () => {
    const own = tf.range(0, 6, 1, 'int32');
    const found = supervisedContrastive(first, second, own, 0.3);
    const expected = ntXent(first, second, 0.3);
    expect(found.loss.dataSync()[0]).toBeCloseTo(expected.loss.dataSync()[0]!, 5);
    expect(found.accuracy.dataSync()[0]).toBeCloseTo(expected.accuracy.dataSync()[0]!, 6);
  });

  it('is the logarithm of the positives where classes are points far apart', () => {
    const points = tf.gather(tf.eye(3), tf.tensor1d([0, 0, 1, 1, 2, 2], 'int32'));
    const classes = tf.tensor1d([0, 0, 1, 1, 2, 2], 'int32');
    const { loss, accuracy } = supervisedContrastive(points, points, classes, 0.05);
    // Three other views of the class, all alike.
    expect(loss.dataSync()[0]).toBeCloseTo(Math.log(3), 5);
    expect(accuracy.dataSync()[0]).toBe(1);
  });
});

describe('a queue', () => {
  const rows = (...values: number[]) => tf.tensor2d(values, [values.length, 1]);

  it('takes new rows in front and lets the oldest go', () => {
    const next = enqueue(rows(1, 2, 3, 4), rows(5, 6));
    expect([...next.dataSync()]).toEqual([5, 6, 1, 2]);
    expect([...enqueue(rows(1, 2), rows(3, 4, 5)).dataSync()]).toEqual([3, 4]);
  });

  it('finds the row with the smallest angle, whatever the length of what is looked for', () => {
    const bank = l2Normalize(
      tf.tensor2d([
        [1, 0],
        [1, 1],
        [0, 1],
      ]),
    );
    const found = nearestOf(
      bank,
      tf.tensor2d([
        [9, 8],
        [0.1, 0],
      ]),
    );
    expectRows(found, [
      [Math.SQRT1_2, Math.SQRT1_2],
      [1, 0],
    ]);
  });
});
