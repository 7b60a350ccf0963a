/** The first pass over tables: what all their columns hold. */
import type { ImportOptions } from '../../contract/index.ts';
import { isSeveral } from '../../contract/data/target.ts';
import { watchesFor, type AnswerWatch, type GivenAway } from './answers.ts';
import type { TableOptions } from './options.ts';
import { planColumn, type FoundColumn, type LookedAt } from './plan.ts';
import { knownCell, type Cell, type CellForm, type TableSource } from './source.ts';
import { SameColumns } from './same-columns.ts';
import { ColumnSurvey } from './survey.ts';
import { usesOf, type TableUses } from './uses.ts';

export interface LookedTables extends TableUses {
  /** Columns of all files, in the order in which they are met. */
  columns: { found: FoundColumn; survey: ColumnSurvey }[];
  rows: number;
  /** Rows with other than one cell a column, which are left out. */
  ragged: { count: number; first: { path: string; line: number; cells: number; names: number } } | null;
  /** There are more rows than were looked at. */
  cut: boolean;
  /** Features that tell a target, each once. */
  givesAway: GivenAway[];
  /** Features that hold the same in every row, by their names. */
  same: string[][];
}

export interface LookWatch {
  /** Looking ends after so many rows. */
  most?: number;
  signal?: AbortSignal;
  onRows?: (count: number) => void;
}

/** @throws PretextError for options that name columns which there are not */
export async function lookAtTables(
  sources: readonly TableSource[],
  options: ImportOptions,
  own: TableOptions,
  form: CellForm,
  place: string,
  { most = Infinity, signal, onRows }: LookWatch = {},
): Promise<LookedTables> {
  const looked = new Map<string, LookedAt>();
  for (const { names, units } of sources)
    names.forEach((name, at) => {
      if (!looked.has(name)) looked.set(name, { name, unit: units[at] ?? null, survey: new ColumnSurvey() });
    });
  const told = usesOf([...looked.keys()], options, own, place);
  const watches = watchesOf([...looked.keys()], told, options, form);
  const all = [...looked.keys()];
  const alike = new SameColumns(all.length);
  let rows = 0;
  let ragged: LookedTables['ragged'] = null;
  let cut = false;
  for (const { path, names, rows: read } of sources) {
    if (cut) break;
    const surveys = names.map((name) => looked.get(name)!.survey);
    const placeOf = new Map(names.map((name, at) => [name, at]));
    let watched = watches.flatMap(({ name, target, watch }) => {
      const [at, targetAt] = [placeOf.get(name), placeOf.get(target)];
      return at === undefined || targetAt === undefined ? [] : [{ at, targetAt, watch }];
    });
    const known = new Array<Cell | null>(names.length).fill(null);
    const places = all.map((name) => names.indexOf(name));
    const absent = [...looked.values()].filter(({ name }) => !names.includes(name));
    for await (const block of read(() => undefined)) {
      signal?.throwIfAborted();
      watched = watched.filter(({ watch }) => !watch.isOver);
      for (const { line, cells } of block) {
        if (cells.length !== names.length) {
          ragged ??= { count: 0, first: { path, line, cells: cells.length, names: names.length } };
          ragged.count++;
          continue;
        }
        for (let at = 0; at < surveys.length; at++) {
          known[at] = knownCell(cells[at], form);
          surveys[at]!.add(known[at]!, form, path, line, cells[at]);
        }
        for (const { at, targetAt, watch } of watched) {
          const [cell, target] = [known[at]!, known[targetAt]!];
          // Rows in which either is not known say nothing.
          if (!watch.isOver && cell !== null && target !== null) watch.add(cell, target);
        }
        if (alike.found.length > 0) alike.add((column) => known[places[column]!] ?? null);
        for (const { survey } of absent) survey.add(null, form, path, line);
        rows++;
      }
      onRows?.(block.length);
      cut = rows >= most;
      if (cut) break;
    }
  }
  const columns = [...looked.values()].map((one) => ({
    found: planColumn(one, own, told.uses, form, told.byName),
    survey: one.survey,
  }));
  const isFeature = new Set(
    columns.filter(({ found }) => found.use === 'feature').map(({ found }) => found.name),
  );
  const same = alike.found
    .map((set) => set.map((column) => all[column]!).filter((name) => isFeature.has(name)))
    .filter(({ length }) => length > 1);
  const givesAway = watches.filter(({ name, watch }) => isFeature.has(name) && watch.tells);
  return {
    ...told,
    columns,
    rows,
    ragged,
    cut,
    givesAway: onceEach(givesAway.map(({ name, target, watch: { by } }) => ({ name, target, by }))),
    same: rows > 1 ? same : [],
  };
}

interface Watched {
  name: string;
  target: string;
  watch: AnswerWatch;
}

/** Every column that is there for nothing else beside every target. */
function watchesOf(
  names: readonly string[],
  { uses, target, targets }: TableUses,
  options: ImportOptions,
  form: CellForm,
): Watched[] {
  const isNumber = options.target === 'number' || options.target === 'numbers';
  const answers = isSeveral(options.target) ? targets : target === null ? [] : [target];
  return answers.flatMap((answer) =>
    names
      .filter((name) => !uses.has(name))
      .flatMap((name) =>
        watchesFor(isNumber ? 'numbers' : 'classes', form).map((watch) => ({ name, target: answer, watch })),
      ),
  );
}

/** The first way in which a column tells a target is enough. */
const onceEach = (found: readonly GivenAway[]): GivenAway[] =>
  [
    ...new Map(found.toReversed().map((one) => [JSON.stringify([one.name, one.target]), one])).values(),
  ].toReversed();
