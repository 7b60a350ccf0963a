/** By what the groups of a dataset can be taken together, and the group of every sample then. */
import { OWN_GROUPS } from '../../../contract/recipe/folds.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { eachSample } from './each-sample.ts';

/** @param values of each group, by its name */
export function insertGroupLevel(
  project: WritableProject,
  datasetKey: number,
  level: string,
  values: ReadonlyMap<string, string>,
): void {
  const insert = project.connection.prepare(
    'INSERT INTO group_levels (dataset_key, level, group_name, value) VALUES (?, ?, ?, ?)',
  );
  inTransaction(project, () => {
    for (const [group, value] of values) insert.run(datasetKey, level, group, value);
  });
}

/** The value of a group at a level, by the group's name; undefined where it has none. */
export function levelReader(
  project: ReadableProject,
  datasetKey: number,
  level: string,
): (group: string) => string | undefined {
  if (level === OWN_GROUPS) return (group) => group;
  const query = project
    .prepare('SELECT value FROM group_levels WHERE dataset_key = ? AND level = ? AND group_name = ?')
    .pluck();
  return (group) => query.get(datasetKey, level, group) as string | undefined;
}

/** Groups by number, in the order in which they first appear. */
export interface SampleGroups {
  /** Of each sample; -1 where it has none. */
  ids: Int32Array<ArrayBuffer>;
  /** By number. */
  names: string[];
}

/** The group of every sample. */
export async function readGroups(
  project: ReadableProject,
  datasetKey: number,
  count: number,
  level: string = OWN_GROUPS,
): Promise<SampleGroups> {
  const ids = new Int32Array(count);
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const known = new Map<string, number>();
  const valueOf = levelReader(project, datasetKey, level);
  const numberOf = (group: string): number => {
    const value = valueOf(group);
    if (value === undefined) return -1;
    const found = numbers.get(value) ?? names.push(value) - 1;
    numbers.set(value, found);
    return found;
  };
  await eachSample<[string | null]>(
    project,
    { datasetKey, count, columns: 'group_name' },
    ([name], position) => {
      if (name !== null && !known.has(name)) known.set(name, numberOf(name));
      ids[position] = name === null ? -1 : known.get(name)!;
    },
  );
  return { ids, names };
}
