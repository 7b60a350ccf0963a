/** The scale of each recording of a dataset, measured once and kept beside its shard. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RecordingScales } from '../../contract/data/recordings/scales.ts';
import { PretextError } from '../../contract/errors.ts';
import { measureRecordings, openShard } from '../../data/index.ts';
import { shardFile, type ReadableProject, type StoredDataset } from '../../project/index.ts';
import { keptBeside } from './kept-statistics.ts';
import { placesOf } from './recording-places.ts';

/** Part of the file's name: a change of the arithmetic must not find numbers of the old one. */
const VERSION = 1;

const keptSchema = z.object({
  starts: z.array(z.number()),
  means: z.array(z.number()),
  deviations: z.array(z.number()),
});

/** @throws PretextError `dataset.no-recordings` where samples are no parts of any */
export async function recordingScalesOf(
  project: ReadableProject,
  stored: StoredDataset,
  signal?: AbortSignal,
): Promise<RecordingScales> {
  const { dataset, shard } = stored;
  const places = placesOf(project, stored).map(({ byteOffset, rows }) => ({ start: byteOffset, rows }));
  if (dataset.modality !== 'signal' || dataset.dtype !== 'float32' || places.length === 0)
    throw noRecordings(dataset.name);
  const file = shardFile(project.folder, shard);
  const key = createHash('sha256').update(`scales ${VERSION}`).update(JSON.stringify(places)).digest('hex');
  const kept = await keptBeside(file, key.slice(0, 16), keptSchema, async () => {
    const reader = await openShard(file, dataset.name);
    try {
      const found = await measureRecordings(reader, places, dataset.shape.at(-1) ?? 1, signal);
      return {
        starts: [...found.starts],
        means: [...found.means],
        deviations: [...found.deviations],
      };
    } finally {
      await reader.close();
    }
  });
  return {
    starts: Float64Array.from(kept.starts),
    means: Float64Array.from(kept.means),
    deviations: Float64Array.from(kept.deviations),
  };
}

const noRecordings = (name: string) =>
  new PretextError({
    code: 'dataset.no-recordings',
    message: `Samples of “${name}” are no parts of recordings that could be scaled by themselves.`,
    place: 'data.scale',
    remedy: 'Leave `data.scale` out, or import the recordings that the samples were cut from.',
  });
