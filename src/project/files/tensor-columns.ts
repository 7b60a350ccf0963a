/** Columns of a safetensors file that a trainer wrote: one number for each row, by name. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PretextError } from '../../contract/errors.ts';

const ARRAYS = { F32: Float32Array, I32: Int32Array } as const;

const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).default({}) }).catchall(
  z.object({
    dtype: z.enum(['F32', 'I32']),
    shape: z.tuple([z.number().int().min(0)]),
    data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
  }),
);

export interface TensorColumns {
  columns: Record<string, Float32Array | Int32Array>;
  /** What stands beside them, as JSON text by name. */
  notes: Record<string, string>;
}

/** Throws `answers.missing`, or `answers.broken` where the file is not the one that was written. */
export async function readTensorColumns(file: string, sha256: string): Promise<TensorColumns> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw missing(file, error);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw broken(file, 'its SHA-256 differs');
  const headerBytes = bytes.length < 8 ? bytes.length : Number(bytes.readBigUInt64LE(0));
  const start = 8 + headerBytes;
  const header = headerSchema.safeParse(
    start <= bytes.length ? parsed(bytes.toString('utf8', 8, start)) : null,
  );
  if (!header.success) throw broken(file, 'its header does not describe columns');
  const { __metadata__: notes, ...described } = header.data;
  const columns = Object.fromEntries(
    Object.entries(described).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        if (to - from !== shape[0] * 4 || start + to > bytes.length)
          throw broken(file, `“${name}” is cut off`);
        // A copy, as typed arrays need an aligned start.
        const raw = Uint8Array.from(bytes.subarray(start + from, start + to));
        return [name, new ARRAYS[dtype](raw.buffer)];
      },
    ),
  );
  return { columns, notes };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function missing(file: string, error: unknown): PretextError {
  return new PretextError({
    code: 'answers.missing',
    message: `The answers of this model on test samples cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    place: file,
    remedy:
      'If the project was copied, copy its answers folder as well. Scores and intervals do not need it.',
  });
}

function broken(file: string, what: string): PretextError {
  return new PretextError({
    code: 'answers.broken',
    message: `The file of answers on test samples is not as it was written: ${what}.`,
    place: file,
    remedy: 'Put it back from a backup. Scores and intervals do not need it.',
  });
}
