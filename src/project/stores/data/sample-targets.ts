/** Several labels or numbers of one sample, as the database keeps them. */

/** A copy: SQLite gives bytes that may begin anywhere. */
export const targetsOf = (bytes: Buffer): Float32Array<ArrayBuffer> =>
  new Float32Array(new Uint8Array(bytes).buffer);

export const targetBytes = (values: Float32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);
