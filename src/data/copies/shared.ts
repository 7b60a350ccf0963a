/** Arrays that several threads see: of one thread alone they are arrays like any other. */

interface ArrayKind<T> {
  new (buffer: SharedArrayBuffer): T;
  readonly BYTES_PER_ELEMENT: number;
}

export function sharedArray<T>(kind: ArrayKind<T>, length: number): T {
  return new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT));
}

/** The same values where all threads see them. */
export function share(values: Float64Array): Float64Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = sharedArray(Float64Array, values.length);
  shared.set(values);
  return shared;
}
