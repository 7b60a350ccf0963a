/** The discrete Fourier transform along the last axis, of real values and back. It has no gradient. */
import { attribute, runNative } from '../native.ts';
import { nativeTypes } from '../backend.ts';
import { tf, type Tensor } from '../tf.ts';

/** The half of a spectrum that real values have: [..., ⌊L / 2⌋ + 1] each. */
export interface Spectrum {
  real: Tensor;
  imaginary: Tensor;
}

const types = [
  attribute.type('Treal', nativeTypes.float32),
  attribute.type('Tcomplex', nativeTypes.complex64),
];
const part = [attribute.type('T', nativeTypes.complex64), attribute.type('Tout', nativeTypes.float32)];
const whole = [attribute.type('T', nativeTypes.float32), attribute.type('Tout', nativeTypes.complex64)];

/** @param x [..., L]; `length` above L fills up with zeros */
export function realFourier(x: Tensor, length = x.shape.at(-1)!): Spectrum {
  const missing = length - x.shape.at(-1)!;
  const ends = x.shape.map((_, axis): [number, number] => [0, axis === x.rank - 1 ? missing : 0]);
  const spectrum = runNative('RFFT', types, [
    missing > 0 ? tf.pad(x, ends) : x,
    tf.tensor1d([length], 'int32'),
  ]);
  return { real: runNative('Real', part, [spectrum]), imaginary: runNative('Imag', part, [spectrum]) };
}

/** The way back: [..., length]. */
export function inverseRealFourier({ real, imaginary }: Spectrum, length: number): Tensor {
  const spectrum = runNative('Complex', whole, [real, imaginary]);
  return runNative('IRFFT', types, [spectrum, tf.tensor1d([length], 'int32')]);
}
