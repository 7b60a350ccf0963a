/**
 * The values of stored samples: their types, and how they are computed with.
 *
 * Images of 16 bits are computed with as all others are, from 0 to 255, but finely graded: what holds for 8 bits
 * (views, statistics, pictures) then holds for them.
 */
import { z } from 'zod';

export const sampleTypeSchema = z.enum(['uint8', 'uint16', 'float32']);
export type SampleType = z.infer<typeof sampleTypeSchema>;

export const BYTES_PER_VALUE: Readonly<Record<SampleType, number>> = { uint8: 1, uint16: 2, float32: 4 };

/** 65,535 are 255. */
const STEPS_PER_LEVEL = 257;

/** The bytes of samples as values to compute with: those of 8 bits as they lie there, the others as float32. */
export function valuesToCompute(bytes: Uint8Array, type: SampleType): Uint8Array | Float32Array {
  if (type === 'uint8') return bytes;
  if (type === 'float32') return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const stored = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const values = new Float32Array(stored.length);
  for (let at = 0; at < stored.length; at += 1) values[at] = stored[at]! / STEPS_PER_LEVEL;
  return values;
}

/** What a computation is given: 16 bits come as float32. */
export const computedType = (type: SampleType): 'uint8' | 'float32' =>
  type === 'uint8' ? 'uint8' : 'float32';

/** Bytes of one sample of a shape. */
export const bytesOfSample = (shape: readonly number[], type: SampleType): number =>
  shape.reduce((product, side) => product * side, BYTES_PER_VALUE[type]);
