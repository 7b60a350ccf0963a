/**
 * By what the groups of a dataset can be taken together: any column that has one value in all of a group (the
 * participant of participant+session), so that whatever is held out by it holds whole groups.
 */
import type { SampleTable } from '../reading/sample-table.ts';
import type { GroupLevel } from '../reading/types.ts';
import type { Grouping } from './groups.ts';

const FEWEST = 2;
/** Columns of a file of labels may be many. */
const MOST = 20;
/** What files say of themselves beside columns. */
const SUBJECT = 'subject';

/**
 * In the order of their columns; none where samples belong to no groups.
 *
 * @param subjects of recordings, by the path of their file, where their headers say it
 */
export function groupLevels(
  table: SampleTable,
  { ids, names, description }: Grouping,
  subjects: ReadonlyMap<string, string> = new Map(),
): GroupLevel[] {
  if (!ids || description === null) return [];
  const found = new Map<string, Map<string, string>>();
  const mixed = new Set<string>();
  const take = (level: string, group: string, value: string) => {
    const values = found.get(level) ?? new Map<string, string>();
    found.set(level, values);
    const known = values.get(group);
    if (known === undefined) values.set(group, value);
    else if (known !== value) mixed.add(level);
  };
  for (const [group, file] of pairsOf(table, ids)) {
    const name = names.at(group);
    if (name === undefined) continue;
    const { columns, path } = table.files[file]!;
    for (const [column, value] of Object.entries(columns)) if (value !== '') take(column, name, value);
    const subject = subjects.get(path);
    if (subject && columns[SUBJECT] === undefined) take(SUBJECT, name, subject);
  }
  return [...found]
    .filter(([level, values]) => !mixed.has(level) && isLevel(table, new Set(values.values())))
    .slice(0, MOST)
    .map(([name, values]) => ({ name, values }));
}

/** At least two values, which are not the classes themselves. */
const isLevel = ({ labelNames }: SampleTable, values: ReadonlySet<string>) =>
  values.size >= FEWEST &&
  (labelNames.length !== values.size || labelNames.some((name) => !values.has(name)));

/** Each group with each file that it has samples of, once. */
function* pairsOf(table: SampleTable, ids: Int32Array): Generator<[group: number, file: number]> {
  const seen = new Map<number, Set<number>>();
  for (let index = 0; index < table.count; index += 1) {
    const [group, file] = [ids[index]!, table.fileIds[index]!];
    const files = seen.get(group) ?? new Set<number>();
    if (files.has(file)) continue;
    seen.set(group, files.add(file));
    yield [group, file];
  }
}
