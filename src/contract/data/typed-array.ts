/** Arrays of numbers that cross processes as they are. */
import { z } from 'zod';

export const typedArray = <T extends Float64Array | Float32Array | Int32Array | Uint8Array>(
  kind: new (length: number) => T,
) => z.custom<T>((value) => value instanceof kind, `must be a ${kind.name}`);
