/**
 * NumPy's archive of arrays (numpy.lib.format, version 1.0): `features`, `index`, `source`, `label`, `split`.
 *
 * An `.npz` is a zip of `.npy` files; it is written as it is made, features first.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { PretextError } from '../../contract/errors.ts';
import type { EmbeddedSamples, EmbeddingWriter } from './embedded-samples.ts';

/** A zip without 64-bit sizes ends here. */
const LARGEST_BYTES = 2 ** 32 - 2 ** 26;
const STRINGS_AT_ONCE = 4096;

export function npzWriter(file: string, samples: EmbeddedSamples): EmbeddingWriter {
  const { count, width } = samples;
  const texts = { source: samples.source, label: samples.label, split: samples.split };
  const bytes =
    count * (width * 4 + 4) + Object.values(texts).reduce((sum, all) => sum + 4 * count * longest(all), 0);
  if (bytes > LARGEST_BYTES) throw tooLarge(file, bytes);
  const output = zipInto(file);
  const features = new ZipPassThrough('features.npy');
  let begun = false;
  const begin = async () => {
    if (begun) return;
    begun = true;
    output.zip.add(features);
    features.push(npyHeader('<f4', [count, width]));
    await output.drain();
  };
  return {
    async write(values) {
      await begin();
      features.push(bytesOf(values).slice());
      await output.drain();
    },
    async finish() {
      await begin();
      features.push(new Uint8Array(0), true);
      const index = new ZipPassThrough('index.npy');
      output.zip.add(index);
      index.push(npyHeader('<i4', [count]));
      index.push(bytesOf(samples.index).slice(), true);
      for (const [name, values] of Object.entries(texts)) await addTexts(output, name, values);
      output.zip.end();
      await output.close();
    },
  };
}

/** Fixed-width text in UTF-32, as NumPy keeps it. */
async function addTexts(output: ZipOutput, name: string, values: readonly string[]): Promise<void> {
  const width = Math.max(1, longest(values));
  const entry = new ZipDeflate(`${name}.npy`, { level: 6 });
  output.zip.add(entry);
  entry.push(npyHeader(`<U${width}`, [values.length]));
  for (let first = 0; first < values.length; first += STRINGS_AT_ONCE) {
    const some = values.slice(first, first + STRINGS_AT_ONCE);
    const codes = new Uint32Array(some.length * width);
    some.forEach((text, row) => {
      [...text].forEach((sign, at) => (codes[row * width + at] = sign.codePointAt(0)!));
    });
    entry.push(bytesOf(codes));
    await output.drain();
  }
  entry.push(new Uint8Array(0), true);
  await output.drain();
}

const longest = (values: readonly string[]) => values.reduce((most, text) => Math.max(most, text.length), 0);

/** The magic word, version 1.0 and a header that makes all of it a multiple of 64 bytes. */
export function npyHeader(type: string, shape: readonly number[]): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length).fill(0x20);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 0xff, length >> 8]);
  bytes.set(Buffer.from(text), 10);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}

interface ZipOutput {
  zip: Zip;
  /** Waits until what was made so far is written. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

function zipInto(file: string): ZipOutput {
  let handle: FileHandle | null = null;
  let waiting: Uint8Array[] = [];
  let failure: unknown = null;
  const zip = new Zip((error, bytes) => {
    if (error) failure = error;
    else waiting.push(bytes);
  });
  const drain = async () => {
    if (failure) throw failure;
    handle ??= await open(file, 'w');
    const some = waiting;
    waiting = [];
    for (const bytes of some) await handle.appendFile(bytes);
  };
  return {
    zip,
    drain,
    async close() {
      await drain();
      await handle!.sync();
      await handle!.close();
    },
  };
}

const bytesOf = (values: Float32Array | Int32Array | Uint32Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function tooLarge(file: string, bytes: number): PretextError {
  return new PretextError({
    code: 'export.too-large',
    message: `The embeddings take ${(bytes / 2 ** 30).toFixed(1)} GiB; an archive of NumPy’s holds 4 GiB here.`,
    place: file,
    remedy: 'Write Parquet instead.',
  });
}
