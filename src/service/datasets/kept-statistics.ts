/**
 * Channel statistics of a shard that was derived from a dataset, computed once for a choice of samples and kept beside
 * it: every run on the same data gets the very same numbers without reading all of it again.
 */
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { bytesOfSample } from '../../contract/data/sample-values.ts';
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { channelStatistics, openShard } from '../../data/index.ts';
import { giveName } from '../../machine/replace-file.ts';

/** Part of the file's name: a change of the arithmetic must not find numbers of the old one. */
const VERSION = 1;

const statisticsSchema = z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) });
type Statistics = z.infer<typeof statisticsSchema>;

/** Mean and deviation of each channel, over the training samples alone. */
export function trainingStatistics(selection: DatasetSelection, signal?: AbortSignal): Promise<Statistics> {
  const { shard, name, shape, dtype } = selection;
  const training = trainingOffsets(selection);
  return keptStatistics(shard, training, async () => {
    const reader = await openShard(shard, name);
    try {
      const bytes = bytesOfSample(shape, dtype);
      return await channelStatistics(reader, training, bytes, shape.at(-1) ?? 1, dtype, signal);
    } finally {
      await reader.close();
    }
  });
}

export const trainingOffsets = ({ offsets, splits }: Pick<DatasetSelection, 'offsets' | 'splits'>) =>
  offsets.filter((_, index) => splits[index] === SPLIT_CODE.train);

/** @param offsets of the samples that are measured */
export const keptStatistics = (
  shard: string,
  offsets: Float64Array,
  measure: () => Promise<Statistics>,
): Promise<Statistics> => keptBeside(shard, keyOf(offsets), statisticsSchema, measure);

/** @param key that the file's name holds: sixteen hexadecimal digits of all that the numbers come from */
export async function keptBeside<Kept>(
  shard: string,
  key: string,
  schema: z.ZodType<Kept>,
  measure: () => Promise<Kept>,
): Promise<Kept> {
  const file = `${shard}.${key}.json`;
  const kept = await readKept(file, schema);
  if (kept) return kept;
  const measured = await measure();
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(JSON.stringify(measured));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await giveName(temporary, file);
  return measured;
}

function keyOf(offsets: Float64Array): string {
  return createHash('sha256')
    .update(`statistics ${VERSION}`)
    .update(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength))
    .digest('hex')
    .slice(0, 16);
}

/** null where there is none, or none that can be used: it is measured anew then. */
async function readKept<Kept>(file: string, schema: z.ZodType<Kept>): Promise<Kept | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
