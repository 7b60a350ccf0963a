/** The network that all benches of images use: the residual encoder, with eight times its width of features. */
import type { Encoder } from '../../../src/learning/encoders/encoder.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import type { State } from '../../../src/tensor/index.ts';

export const imageShape = [32, 32, 3] as const;

export const encoderOptions = (width: number) => ({ width, features: 8 * width });

export function benchEncoder(width: number): Encoder {
  return buildEncoder({ family: 'residual', options: encoderOptions(width) }, 'image', imageShape);
}

/** Trainable numbers of a state. */
export function parameterCount(parameters: State): number {
  return Object.values(parameters).reduce((sum, { size }) => sum + size, 0);
}

/** Numbers that look random and are the same on every run. */
export function noiseBytes(count: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}
