/** Which samples of a dataset are copies of each other, whatever split they stand in: searched once, kept beside its shard. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { groupCopies } from '../../data/index.ts';
import type { ReadableProject, StoredDataset } from '../../project/index.ts';
import { sourceOf } from './copies.ts';
import { keptBeside } from './kept-statistics.ts';

/** Part of the file's name: another search must not find sets of this one. */
const VERSION = 2;

const setsSchema = z.object({ sets: z.array(z.array(z.number().int().min(0))) });

/** Places of the samples of each set, two at least. */
export async function copySetsOf(
  project: ReadableProject,
  stored: StoredDataset,
  signal?: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const { splits: _splits, ...source } = await sourceOf(project, stored);
  const key = createHash('sha256').update(`copy sets ${VERSION}`).update(source.offsets).digest('hex');
  const { sets } = await keptBeside(source.shardFile, key.slice(0, 16), setsSchema, async () => {
    const roots = await groupCopies(source, { ...(signal && { signal }) });
    const found = Map.groupBy(roots.keys(), (place) => roots[place]!);
    return { sets: [...found.values()].filter(({ length }) => length > 1) };
  });
  return sets;
}
