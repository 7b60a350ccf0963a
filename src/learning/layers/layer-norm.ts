/** Layer normalisation (Ba, Kiros and Hinton 2016): no statistics, every place for itself. */
import { layerNorm as normalise } from '../../tensor/index.ts';
import { variable, type Layer } from './layer.ts';

const EPSILON = 1e-6;

/** Normalises the last axis of [N, …, channels] to mean 0 and variance 1, then scales and shifts it. */
export function layerNorm(name: string, channels: number, epsilon = EPSILON): Layer {
  const [scale, offset] = [`${name}/scale`, `${name}/offset`];
  const spec = (specName: string, value: number) => ({
    name: specName,
    shape: [channels],
    initial: { kind: 'constant' as const, value },
  });
  return {
    parameters: [spec(scale, 1), spec(offset, 0)],
    statistics: [],
    apply: (x, pass) =>
      normalise(x, variable(pass.parameters, scale), variable(pass.parameters, offset), epsilon),
  };
}
