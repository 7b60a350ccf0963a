/** Batch normalisation (Ioffe and Szegedy 2015) with moving statistics. */
import { batchNormInference, batchNormTraining, tf } from '../../tensor/index.ts';
import { variable, type Layer } from './layer.ts';

/** Share of the old moving statistic that is kept at each step. */
const MOMENTUM = 0.9;

export interface BatchNormOptions {
  name: string;
  channels: number;
  /** Without scale and offset where the next layer makes them useless. */
  affine?: boolean;
}

/**
 * Normalises the last axis of [N, …, channels].
 *
 * In training by the batch's own mean and variance, which also move the kept ones; otherwise by those.
 */
export function batchNorm({ name, channels, affine = true }: BatchNormOptions): Layer {
  const names = {
    scale: `${name}/scale`,
    offset: `${name}/offset`,
    mean: `${name}/mean`,
    variance: `${name}/variance`,
  };
  const spec = (specName: string, value: number) => ({
    name: specName,
    shape: [channels],
    initial: { kind: 'constant' as const, value },
  });
  return {
    parameters: affine ? [spec(names.scale, 1), spec(names.offset, 0)] : [],
    statistics: [spec(names.mean, 0), spec(names.variance, 1)],
    apply(x, pass) {
      const scale = affine ? variable(pass.parameters, names.scale) : tf.ones([channels]);
      const offset = affine ? variable(pass.parameters, names.offset) : tf.zeros([channels]);
      // A second call in one pass (other views) moves on from where the first one left.
      const mean = pass.updates[names.mean] ?? variable(pass.statistics, names.mean);
      const variance = pass.updates[names.variance] ?? variable(pass.statistics, names.variance);
      if (!pass.training) return batchNormInference(x, scale, offset, mean, variance);
      const batch = batchNormTraining(x, scale, offset);
      pass.updates[names.mean] = tf.add(tf.mul(mean, MOMENTUM), tf.mul(batch.mean, 1 - MOMENTUM));
      pass.updates[names.variance] = tf.add(tf.mul(variance, MOMENTUM), tf.mul(batch.variance, 1 - MOMENTUM));
      return batch.y;
    },
  };
}
