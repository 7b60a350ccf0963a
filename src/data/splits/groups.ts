/** Groups: samples that must not be parted between splits (subject, patient, site, recording). */
import { PretextError } from '../../contract/errors.ts';
import type { SplitRule } from '../../contract/data/splits/split.ts';
import type { SampleTable } from '../reading/sample-table.ts';

export interface Grouping {
  /** Group of each sample; null when every sample stands for itself. */
  ids: Int32Array | null;
  /** By id; ids beyond are of samples that are alone and have no group. Made when asked for: there may be very many. */
  names: GroupNames;
  /** "by participant", for the sentence that tells how the splits were made. */
  description: string | null;
  /** Whether the user named the groups (they are stored with the samples). */
  named: boolean;
  /** Copies that are kept together, and the groups they stand in. */
  copies?: { samples: number; groups: number };
}

/** Groups that are named as part of one; the first of them is in no other. */
const MOST_NAMES = 8;

export interface GroupNames {
  readonly length: number;
  at(id: number): string | undefined;
}

/** Recordings fewer than this are parted by time instead of being kept whole: a split needs three parts. */
export const FEWEST_RECORDINGS = 3;

/**
 * @param column One column or several joined by `+`; undefined for none.
 * @throws PretextError `import.no-column`
 */
export function groupSamples(
  table: SampleTable,
  column: string | undefined,
  recordings: boolean,
  byTime: boolean,
): Grouping {
  if (column !== undefined)
    return byColumns(
      table,
      column.split('+').map((name) => name.trim()),
    );
  if (!recordings) return { ids: null, names: [], description: null, named: false };
  return byTime ? byBlock(table) : byRecording(table);
}

/**
 * Groups by the folders of subjects or sites, which nobody asked for: null where there are none, or where they cannot
 * be kept whole, with the reason.
 */
export function folderGroups(
  table: SampleTable,
  by: SplitRule['by'],
): { grouping: Grouping; why: null } | { grouping: null; why: string | null } {
  const names = [...new Set(table.files.flatMap(({ folderGroup }) => folderGroup ?? []))];
  if (names.length === 0) return { grouping: null, why: null };
  const none = (why: string) => ({ grouping: null, why: `The folders of groups are not kept whole: ${why}` });
  if (by === 'column') return { grouping: null, why: null };
  if (by === 'random' && names.length < FEWEST_RECORDINGS)
    return none(`${names.length} are too few for training, validation and test data.`);
  if (by === 'folder') {
    const splitOf = new Map<string, number>();
    for (const { folderGroup, folderSplit } of table.files) {
      if (!folderGroup) continue;
      if ((splitOf.get(folderGroup) ?? folderSplit) !== folderSplit)
        return none(`“${folderGroup}” stands in several of the split folders.`);
      splitOf.set(folderGroup, folderSplit);
    }
  }
  const known = new Map(names.map((name, id) => [name, id]));
  const idOfFile = table.files.map(({ folderGroup, path }) =>
    folderGroup ? known.get(folderGroup)! : names.push(`(none: ${path})`) - 1,
  );
  return { grouping: spread(table, idOfFile, names, 'whole groups by folder', true), why: null };
}

/**
 * Groups in which copies are together: those of the user joined where they share a copy, or, without any, one for
 * each set of copies. The grouping as it is where there are no copies.
 *
 * @param roots for each sample the first of its copies; itself where it has none
 */
export function withCopies(table: SampleTable, grouping: Grouping, roots: Int32Array): Grouping {
  // Nearly all samples of a large dataset are alone: what is kept of each is one number.
  const sizes = new Int32Array(roots.length);
  for (const root of roots) sizes[root]! += 1;
  const sets: number[] = [];
  let samples = 0;
  sizes.forEach((size, root) => {
    if (size < 2) return;
    sets.push(root);
    samples += size;
  });
  if (sets.length === 0) return grouping;
  const copies = { samples, groups: sets.length };
  if (grouping.ids) return { ...joined(grouping, grouping.ids, roots), copies };
  // Sets of copies first, so that they alone need names. Their sizes are known: ids take their place.
  sizes.fill(-1);
  sets.forEach((root, id) => (sizes[root] = id));
  let alone = sets.length;
  const ids = roots.map((root) => (sizes[root]! < 0 ? alone++ : sizes[root]!));
  return { ids, names: namesOfSets(table, sets), description: null, named: false, copies };
}

const namesOfSets = (table: SampleTable, roots: readonly number[]): GroupNames => ({
  length: roots.length,
  at: (id) => (id in roots ? `copies of ${table.source(roots[id]!)}` : undefined),
});

/** Groups that share a copy become one, under the names of all of them. */
function joined(grouping: Grouping, ids: Int32Array, roots: Int32Array): Grouping {
  const parent = Int32Array.from({ length: grouping.names.length }, (_, id) => id);
  const rootOf = (id: number): number => {
    while (parent[id] !== id) id = parent[id] = parent[parent[id]!]!;
    return id;
  };
  roots.forEach((root, place) => {
    const [one, other] = [rootOf(ids[place]!), rootOf(ids[root]!)];
    parent[Math.max(one, other)] = Math.min(one, other);
  });
  const members = Map.groupBy(parent.keys(), rootOf);
  // Ids are those of roots from now on: no other needs a name.
  const names = Array.from(parent, (root, id) =>
    root === id ? namesTogether(members.get(id)!.map((one) => grouping.names.at(one)!)) : '',
  );
  return { ...grouping, ids: ids.map(rootOf), names };
}

/** Of thousands of people who gave the same answers, every sample would keep the names of all. */
function namesTogether(names: readonly string[]): string {
  const told = names.slice(0, MOST_NAMES).join(' + ');
  return names.length > MOST_NAMES ? `${told} + ${names.length - MOST_NAMES} others` : told;
}

/** Values of a column per file. @throws PretextError when no file has the column. */
export function columnValues(table: SampleTable, column: string, field: string): (string | null)[] {
  if (column === 'file') return table.files.map((file) => file.path);
  const values = table.files.map((file) => file.columns[column] || null);
  if (values.some((value) => value !== null)) return values;
  const known = [...new Set(table.files.flatMap((file) => Object.keys(file.columns)))];
  throw new PretextError({
    code: 'import.no-column',
    message: `There is no column “${column}”. ${known.length ? `Columns are: ${known.join(', ')}.` : 'This import has no columns at all.'}`,
    place: field,
    remedy: 'Columns come from the path pattern or the label file: name one of theirs there, or add it.',
  });
}

function byColumns(table: SampleTable, columns: string[]): Grouping {
  const values = columns.map((column) => columnValues(table, column, 'group'));
  const names: string[] = [];
  const known = new Map<string, number>();
  const idOfFile = table.files.map((file, index) => {
    const parts = values.map((column) => column[index] ?? null);
    // A file without a value belongs to nobody else's group.
    const name = parts.some((part) => part === null) ? `(none: ${file.path})` : parts.join('+');
    let id = known.get(name);
    if (id === undefined) {
      id = names.push(name) - 1;
      known.set(name, id);
    }
    return id;
  });
  return spread(table, idOfFile, names, `whole groups by ${columns.join(' and ')}`, true);
}

function byRecording(table: SampleTable): Grouping {
  // Gaps part a recording into several entries of one path.
  const names = [...new Set(table.files.map((file) => file.path))];
  const idOf = new Map(names.map((path, id) => [path, id]));
  const ids = table.files.map((file) => idOf.get(file.path)!);
  return spread(table, ids, names, 'whole recordings', false);
}

function byBlock(table: SampleTable): Grouping {
  const known = new Map<string, number>();
  const names: string[] = [];
  const ids = new Int32Array(table.count);
  for (let index = 0; index < table.count; index += 1) {
    const name = `${table.fileOf(index).path}, part ${(table.blocks[index] ?? 0) + 1}`;
    let id = known.get(name);
    if (id === undefined) {
      id = names.push(name) - 1;
      known.set(name, id);
    }
    ids[index] = id;
  }
  return { ids, names, description: 'whole stretches of the recording', named: false };
}

function spread(
  table: SampleTable,
  idOfFile: number[],
  names: string[],
  description: string,
  named: boolean,
): Grouping {
  const ids = new Int32Array(table.count);
  for (let index = 0; index < table.count; index += 1) ids[index] = idOfFile[table.fileIds[index] ?? 0] ?? 0;
  return { ids, names, description, named };
}
