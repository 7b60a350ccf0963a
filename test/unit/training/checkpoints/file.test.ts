import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PretextError } from '../../../../src/contract/errors.ts';
import type { StateArrays } from '../../../../src/tensor/index.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  readCheckpoint,
  requireNotes,
  writeCheckpoint,
} from '../../../../src/training/checkpoints/file.ts';

const tensors: StateArrays = {
  'encoder/kernel': {
    shape: [2, 2],
    dtype: 'float32',
    values: new Float32Array([1.5, -2, 3e-20, Number.MAX_VALUE]),
  },
  'buffers/pointer': { shape: [], dtype: 'int32', values: new Int32Array([-7]) },
  'buffers/mask': { shape: [3], dtype: 'uint8', values: new Uint8Array([0, 255, 7]) },
};
const metadata = { step: 12, curve: [{ loss: 0.25 }], name: 'Übung' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-checkpoint-'));
});

async function failureCode(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PretextError);
  return (error as PretextError).failure.code;
}

describe('a checkpoint file', () => {
  it('gives back every tensor and all metadata', async () => {
    const file = join(folder, 'a.safetensors');
    const { sha256 } = await writeCheckpoint(file, { tensors, metadata });
    const read = await readCheckpoint(file, sha256);
    expect(read.metadata).toEqual(metadata);
    expect(read.tensors).toEqual(tensors);
  });

  it('has the published safetensors layout', () => {
    const bytes = encodeCheckpoint({ tensors, metadata });
    const headerLength = Number(bytes.readBigUInt64LE(0));
    expect(headerLength % 8).toBe(0);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
      string,
      { data_offsets: number[] }
    >;
    const pointer = header['buffers/pointer'];
    expect(pointer).toMatchObject({ dtype: 'I32', shape: [] });
    expect(bytes.readInt32LE(8 + headerLength + pointer!.data_offsets[0]!)).toBe(-7);
  });

  it('gives equal bytes for equal state, whatever the order of the names', () => {
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    expect(encodeCheckpoint({ tensors: reversed, metadata })).toEqual(
      encodeCheckpoint({ tensors, metadata }),
    );
  });

  it('leaves no temporary file and replaces an older file whole', async () => {
    const file = join(folder, 'a.safetensors');
    await writeCheckpoint(file, { tensors, metadata: { step: 1 } });
    await writeCheckpoint(file, { tensors, metadata: { step: 2 } });
    expect(await readdir(folder)).toEqual(['a.safetensors']);
    expect((await readCheckpoint(file)).metadata).toEqual({ step: 2 });
  });

  it('is refused when a byte changed', async () => {
    const file = join(folder, 'a.safetensors');
    const { sha256 } = await writeCheckpoint(file, { tensors, metadata });
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    expect(await failureCode(readCheckpoint(file, sha256))).toBe('checkpoint.changed');
  });

  it('is refused when it is missing, cut off or something else', async () => {
    expect(await failureCode(readCheckpoint(join(folder, 'none')))).toBe('checkpoint.missing');
    const whole = encodeCheckpoint({ tensors, metadata });
    for (const bytes of [
      whole.subarray(0, 4),
      whole.subarray(0, 60),
      whole.subarray(0, whole.length - 3),
      Buffer.from('some text, no header'),
    ])
      expect(() => decodeCheckpoint(bytes, 'x')).toThrow(PretextError);
  });

  it('that cannot be read just now is not said to be missing or broken', async () => {
    // A folder in its place: the system refuses to read it, whoever asks (EISDIR).
    expect(await failureCode(readCheckpoint(folder))).toBe('checkpoint.unreadable');
  });

  it('is broken when its notes are no JSON, are not those expected, or a tensor has too few bytes', () => {
    const text = JSON.stringify({ __metadata__: { step: 'twelve' } });
    const head = Buffer.alloc(8);
    head.writeBigUInt64LE(BigInt(text.length));
    expect(() => decodeCheckpoint(Buffer.concat([head, Buffer.from(text)]), 'x')).toThrow('is not JSON');

    const schema = z.object({ step: z.number(), curve: z.array(z.number()) });
    expect(() => requireNotes(schema, metadata, 'x')).toThrow('note “curve.0”');
    expect(requireNotes(schema.pick({ step: true }), metadata, 'x')).toEqual({ step: 12 });

    const bytes = encodeCheckpoint({ tensors, metadata });
    const shorter = bytes.toString('latin1').replace('"data_offsets":[0,3]', '"data_offsets":[0,2]');
    expect(() => decodeCheckpoint(Buffer.from(shorter, 'latin1'), 'x')).toThrow('its shape asks for 3');
  });
});
