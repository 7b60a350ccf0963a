/** A last layer of directions: how far does a vector point towards each of many prototypes? */
import { l2Normalize, tf } from '../../tensor/index.ts';
import { variable, type Layer } from './layer.ts';

export interface UnitPrototypesOptions {
  name: string;
  inputs: number;
  /** Prototypes. */
  outputs: number;
}

/**
 * [N, inputs] to [N, outputs]: products with prototypes of length 1, whatever the length of the weights. This is
 * weight normalisation (Salimans and Kingma 2016) whose gain is fixed at 1, as in DINO.
 */
export function unitPrototypes({ name, inputs, outputs }: UnitPrototypesOptions): Layer {
  const kernel = prototypesName(name);
  return {
    // One row a prototype.
    parameters: [{ name: kernel, shape: [outputs, inputs], initial: { kind: 'normal', deviation: 1 } }],
    statistics: [],
    apply: (x, pass) => tf.matMul(x, l2Normalize(variable(pass.parameters, kernel)), false, true),
  };
}

/** The name of the layer's one parameter. */
export const prototypesName = (name: string): string => `${name}/prototypes`;
