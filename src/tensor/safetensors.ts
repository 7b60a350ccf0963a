/**
 * The safetensors layout: eight bytes with the header's length (little-endian), a JSON header that gives every
 * tensor's type, shape and place, then the raw values.
 */
import type { StateArrays } from './program.ts';

const typeNames = { float32: 'F32', int32: 'I32', uint8: 'U8', bool: 'BOOL' } as const;
const ALIGNMENT = 8;

/** The bytes of a file. Tensors are laid out in the order of their names, so equal state gives equal bytes. */
export function encodeSafetensors(tensors: StateArrays, metadata: Record<string, string>): Buffer {
  const names = Object.keys(tensors).sort();
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const name of names) {
    const { dtype, shape, values } = tensors[name]!;
    header[name] = {
      dtype: typeNames[dtype],
      shape,
      data_offsets: [offset, offset + values.byteLength],
    };
    offset += values.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc(Math.ceil(text.length / ALIGNMENT) * ALIGNMENT - text.length, ' ');
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(text.length + padding.length));
  const parts = names.map((name) => {
    const { buffer, byteOffset, byteLength } = tensors[name]!.values;
    return Buffer.from(buffer, byteOffset, byteLength);
  });
  return Buffer.concat([head, text, padding, ...parts]);
}
