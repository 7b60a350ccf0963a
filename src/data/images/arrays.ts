/** Stores images that come as arrays of pixels, all of one shape (IDX, CIFAR). */
import { availableParallelism } from 'node:os';
import { createPacer } from '../breathe.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import type { ReadRequest } from '../reading/types.ts';
import { sizeOf, storedSize, type StoredShape } from './formats/stored-size.ts';
import { reshapePixels } from './formats/reshape.ts';
import { createImageSink } from './sink.ts';

export interface ArraySample {
  pixels: Uint8Array;
  file: number;
  row: number;
  label: number;
  number: number;
}

/** @returns the stored shape [height, width, channels] */
export async function storeArrays(
  request: ReadRequest,
  table: SampleTable,
  samples: AsyncIterable<ArraySample>,
  total: number,
  shape: StoredShape,
): Promise<number[]> {
  const { options, writer, issues, progress, signal, form: wanted } = request;
  const size = wanted ? sizeOf(wanted) : storedSize([shape], options.images.size);
  const channels =
    options.images.color === 'grey' ? 1 : options.images.color === 'color' ? 3 : shape.channels;
  const stored: StoredShape = { ...size, channels };
  const same = size.height === shape.height && size.width === shape.width && channels === shape.channels;
  const sink = createImageSink(writer, table, issues, channels, 8, { keepsCopies: wanted !== undefined });
  progress.phase('Reading images', total);
  let batch: ArraySample[] = [];
  const pace = createPacer();
  const store = async () => {
    const reshaped = same
      ? batch.map((sample) => sample.pixels)
      : await Promise.all(batch.map((sample) => reshapePixels(sample.pixels, shape, stored)));
    for (const [index, pixels] of reshaped.entries()) {
      const sample = batch[index];
      if (sample) await sink.add(pixels, sample);
    }
    progress.advance(batch.length);
    batch = [];
    await pace();
    signal.throwIfAborted();
  };
  for await (const sample of samples) {
    batch.push(sample);
    if (batch.length >= 16 * availableParallelism()) await store();
  }
  await store();
  if (!same && (size.height !== shape.height || size.width !== shape.width)) {
    issues.note(
      '',
      'resized',
      `All images are resized from ${shape.width} × ${shape.height} to ${size.width} × ${size.height} pixels.`,
    );
  }
  const form = await sink.finish(options.images.color === 'auto');
  return [stored.height, stored.width, form.channels];
}
