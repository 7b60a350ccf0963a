/** Names of the groups of a dataset, for a person to choose from. */
import { naturalOrder } from '../../data/index.ts';
import { PretextError } from '../../contract/errors.ts';
import type { ReadableProject, StoredDataset } from '../../project/index.ts';
import { levelsOf } from '../recipes/fold-check.ts';
import { groupsAt } from './division.ts';

export interface GroupPage {
  total: number;
  groups: { name: string; samples: number }[];
}

/**
 * @param by the dataset's own groups, or a column that they come from
 * @throws PretextError `groups.unknown` where it cannot be taken by that
 */
export async function listGroups(
  project: ReadableProject,
  stored: StoredDataset,
  { by, offset, limit }: { by: string; offset: number; limit: number },
): Promise<GroupPage> {
  const levels = levelsOf(stored.dataset).map(({ name }) => name);
  if (!levels.includes(by))
    throw new PretextError({
      code: 'groups.unknown',
      message:
        levels.length === 0
          ? `The samples of “${stored.dataset.name}” belong to no groups.`
          : `“${stored.dataset.name}” cannot be taken by “${by}”. There are: ${levels.join(', ')}.`,
      place: stored.dataset.name,
      remedy: 'Import it again and say what must not be parted (`group`).',
    });
  const { ids, names } = await groupsAt(project, stored, by);
  const samples = new Array<number>(names.length).fill(0);
  for (const id of ids) if (id >= 0) samples[id]! += 1;
  const all = names
    .map((name, id) => ({ name, samples: samples[id]! }))
    .sort((one, other) => naturalOrder(one.name, other.name));
  return { total: all.length, groups: all.slice(offset, offset + limit) };
}
