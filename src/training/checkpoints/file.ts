/**
 * Checkpoint files, in the safetensors layout (tensor/safetensors.ts). Any tool that reads safetensors reads the
 * weights; what a run needs to continue stands in the header's `__metadata__`.
 *
 * A file is written to a temporary name, flushed to the disk and renamed, so that a name always stands for a
 * whole file. The SHA-256 of all bytes is kept in the project's database and checked on reading.
 */
import { createHash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { PretextError, explained } from '../../contract/errors.ts';
import { circumstanceOf } from '../../contract/circumstances.ts';
import { giveName } from '../../machine/replace-file.ts';
import { encodeSafetensors, type StateArrays, type TypedArray } from '../../tensor/index.ts';

const arrayOf = { F32: Float32Array, I32: Int32Array, U8: Uint8Array, BOOL: Uint8Array } as const;
const dtypeOf = { F32: 'float32', I32: 'int32', U8: 'uint8', BOOL: 'bool' } as const;
const bytesOf = { F32: 4, I32: 4, U8: 1, BOOL: 1 } as const;

const tensorHeaderSchema = z.object({
  dtype: z.enum(['F32', 'I32', 'U8', 'BOOL']),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()) })
  .catchall(tensorHeaderSchema);

export interface CheckpointContents {
  tensors: StateArrays;
  /** Everything else, as JSON values by name. */
  metadata: Record<string, unknown>;
}

/** The bytes of a checkpoint file. Tensors are laid out in the order of their names, so equal state gives equal bytes. */
export function encodeCheckpoint({ tensors, metadata }: CheckpointContents): Buffer {
  const notes = Object.entries(metadata).map(([key, value]) => [key, JSON.stringify(value)]);
  return encodeSafetensors(tensors, Object.fromEntries(notes) as Record<string, string>);
}

/** Reads the bytes of a checkpoint file. Throws `checkpoint.broken` when they are not one. */
export function decodeCheckpoint(bytes: Buffer, file: string): CheckpointContents {
  const broken = (what: string) => brokenCheckpoint(what, file);
  if (bytes.length < 8) throw broken(`it has only ${bytes.length} bytes`);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  if (headerLength > bytes.length - 8) throw broken('it is cut off inside its header');
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength));
  } catch (error) {
    throw broken(`its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const header = headerSchema.safeParse(parsed);
  if (!header.success) throw broken('its header does not describe tensors');
  const { __metadata__: metadata, ...described } = header.data;
  const start = 8 + headerLength;
  const tensors: StateArrays = {};
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(described)) {
    if (start + to > bytes.length) throw broken(`it is cut off inside ${name}`);
    const count = shape.reduce((product, side) => product * side, 1);
    if (to - from !== count * bytesOf[dtype])
      throw broken(`${name} has ${to - from} bytes, but its shape asks for ${count * bytesOf[dtype]}`);
    // A copy, because typed arrays need an aligned start.
    const raw = bytes.buffer.slice(
      bytes.byteOffset + start + from,
      bytes.byteOffset + start + to,
    ) as ArrayBuffer;
    tensors[name] = { shape, dtype: dtypeOf[dtype], values: new arrayOf[dtype](raw) as TypedArray };
  }
  return { tensors, metadata: parseMetadata(metadata, broken) };
}

function parseMetadata(
  metadata: Record<string, string>,
  broken: (what: string) => PretextError,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      try {
        return [key, JSON.parse(value) as unknown];
      } catch {
        throw broken(`its note “${key}” is not JSON`);
      }
    }),
  );
}

/** Notes of a checkpoint that have to be there. Throws `checkpoint.broken` when they are not, or are others. */
export function requireNotes<Notes>(
  schema: z.ZodType<Notes>,
  metadata: CheckpointContents['metadata'],
  file: string,
): Notes {
  const parsed = schema.safeParse(metadata);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw brokenCheckpoint(`its note “${issue!.path.join('.')}” is not as expected (${issue!.message})`, file);
}

function brokenCheckpoint(what: string, file: string): PretextError {
  return new PretextError({
    code: 'checkpoint.broken',
    message: `The checkpoint cannot be read: ${what}.`,
    place: file,
    remedy: 'Choose another checkpoint of the run, or run it again.',
  });
}

export interface WrittenCheckpoint {
  bytes: number;
  sha256: string;
}

/** Writes a checkpoint so that `file` is either the old one or the whole new one, whatever happens meanwhile. */
export async function writeCheckpoint(
  file: string,
  contents: CheckpointContents,
): Promise<WrittenCheckpoint> {
  const bytes = encodeCheckpoint(contents);
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await giveName(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explained(error, file);
  }
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Reads a checkpoint and checks its SHA-256 where one is known.
 *
 * Throws `checkpoint.changed` or `checkpoint.broken` where the bytes prove it, `checkpoint.missing` where there is no
 * such file, and `checkpoint.unreadable` for all else: the file may be as whole as ever.
 */
export async function readCheckpoint(file: string, sha256?: string): Promise<CheckpointContents> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw readFailure(error, file);
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (sha256 && found !== sha256)
    throw new PretextError({
      code: 'checkpoint.changed',
      message: `The checkpoint is not the file that was written: its SHA-256 is ${found.slice(0, 12)}…, expected ${sha256.slice(0, 12)}….`,
      place: file,
      remedy: 'Choose another checkpoint of the run, or run it again.',
    });
  return decodeCheckpoint(bytes, file);
}

function readFailure(error: unknown, file: string): PretextError {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    return new PretextError({
      code: 'checkpoint.missing',
      message: 'The file of the checkpoint is not there any more.',
      place: file,
      remedy:
        'Put it back: if the project was copied, copy its checkpoints folder as well. Where it is lost, resume the run by itself: it then goes on from the checkpoint before, or begins anew.',
    });
  const circumstance = circumstanceOf(error, file);
  const reason = circumstance?.message ?? `The system says: ${String(error)}.`;
  return new PretextError({
    code: 'checkpoint.unreadable',
    message: `The checkpoint could not be read just now. ${reason}`,
    place: file,
    remedy: `${circumstance?.remedy ?? 'See that the file can be read.'} Then resume the run: nothing is lost.`,
  });
}
