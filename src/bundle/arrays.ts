/** Values with typed arrays in them as JSON, and back: each array stands in the text itself, or in a file named by its hash. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PretextError } from '../contract/errors.ts';
import { writeFileWhole } from '../machine/whole-file.ts';

const KINDS = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u8: Uint8Array,
} as const;
type Kind = keyof typeof KINDS;
type NumberArray = InstanceType<(typeof KINDS)[Kind]>;

/** Where the bytes of arrays go, and where they come from. */
export interface ArrayStore {
  /** Returns what stands in the array's place in the text. */
  keep(bytes: Buffer): Record<string, unknown>;
  find(place: Record<string, unknown>): Buffer;
}

/** In the text itself: for short arrays. */
export const IN_TEXT: ArrayStore = {
  keep: (bytes) => ({ base64: bytes.toString('base64') }),
  find: ({ base64 }) => Buffer.from(String(base64), 'base64'),
};

/** In `arrays/` of a bundle, once for all jobs that name the same. */
export function arrayFiles(bundle: string): ArrayStore {
  const folder = join(bundle, 'arrays');
  const known = new Set<string>();
  return {
    keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const file = join(folder, `${sha256}.bin`);
      if (!known.has(sha256) && !existsSync(file)) {
        mkdirSync(folder, { recursive: true });
        writeFileWhole(file, bytes);
      }
      known.add(sha256);
      return { sha256 };
    },
    find({ sha256 }) {
      const name = String(sha256);
      const file = join(folder, `${name}.bin`);
      if (!/^[0-9a-f]{64}$/.test(name)) throw changed(file);
      const bytes = existsSync(file) ? readFileSync(file) : null;
      if (!bytes || createHash('sha256').update(bytes).digest('hex') !== name) throw changed(file);
      return bytes;
    },
  };
}

/** JSON text of a value whose typed arrays the store keeps. */
export function toText(value: unknown, store: ArrayStore): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    const kind = kindOf(part);
    if (!kind) return part;
    const array = part as NumberArray;
    return { $array: kind, ...store.keep(Buffer.from(array.buffer, array.byteOffset, array.byteLength)) };
  });
}

/** The value again. @throws SyntaxError where the text is no JSON, PretextError `bundle.changed` for an array that is not as it was */
export function fromText(text: string, store: ArrayStore): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    const kind = part && typeof part === 'object' && '$array' in part ? (part.$array as Kind) : null;
    if (!kind || !(kind in KINDS)) return part;
    // A copy, as typed arrays need an aligned start.
    const bytes = Uint8Array.from(store.find(part as Record<string, unknown>));
    return new KINDS[kind](bytes.buffer);
  });
}

function kindOf(value: unknown): Kind | null {
  for (const [kind, type] of Object.entries(KINDS))
    // Buffers turn themselves into text before they get here, and none is meant to cross.
    if (value instanceof type && !Buffer.isBuffer(value)) return kind as Kind;
  return null;
}

function changed(file: string): PretextError {
  return new PretextError({
    code: 'bundle.changed',
    message: 'A file of the bundle is gone, or not as it was when the bundle was made.',
    place: file,
    remedy: 'Copy the bundle again from where it was made, or pack the study again.',
  });
}
