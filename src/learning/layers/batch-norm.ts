/** Batch normalisation (Ioffe and Szegedy 2015) with moving statistics. */
import { batchNormInference, batchNormTraining, tf, type Tensor } from '../../tensor/index.ts';
import { variable, type Layer, type Pass } from './layer.ts';

/** Share of each batch in the moving statistics. */
const SHARE = 0.1;

export interface BatchNormOptions {
  name: string;
  channels: number;
  /** Without scale and offset where the next layer makes them useless. */
  affine?: boolean;
  /** Whether a rectifier follows. */
  rectified?: boolean;
}

/** A batch norm can add the other branch of a residual block to what it normalises, before the rectifier. */
export interface BatchNorm extends Layer {
  apply(x: Tensor, pass: Pass, added?: Tensor): Tensor;
}

/**
 * Normalises the last axis of [N, …, channels].
 *
 * In training by the batch's own mean and variance, which also move the kept ones; otherwise by those.
 */
export function batchNorm({ name, channels, affine = true, rectified = false }: BatchNormOptions): BatchNorm {
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
    apply(x, pass, added) {
      const after = { added, rectified };
      const scale = affine ? variable(pass.parameters, names.scale) : tf.ones([channels]);
      const offset = affine ? variable(pass.parameters, names.offset) : tf.zeros([channels]);
      // A second call in one pass (other views) moves on from where the first one left.
      const mean = pass.updates[names.mean] ?? variable(pass.statistics, names.mean);
      const variance = pass.updates[names.variance] ?? variable(pass.statistics, names.variance);
      if (!pass.training) return batchNormInference(x, scale, offset, mean, variance, undefined, after);
      const moving = { mean, variance, share: SHARE };
      const normal = batchNormTraining(x, scale, offset, undefined, moving, after);
      pass.updates[names.mean] = normal.mean;
      pass.updates[names.variance] = normal.variance;
      return normal.y;
    },
  };
}
