/** What the user chose about columns, put upon what was found. */
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import type { PlanContext } from './plan-types.ts';
import { takeAsClock, uniqueNames, type Column } from './roles.ts';

/** @throws PretextError `signals.columns`, `signals.no-label-column` */
export function applyChoices(
  columns: Column[],
  options: ImportOptions,
  place: string,
  context: PlanContext,
): void {
  const { columns: chosen = {}, labelColumnIndex, labelFrom } = options.signals;
  const asked = labelFrom === 'auto' || labelFrom === 'column';
  if (labelColumnIndex !== undefined && labelColumnIndex > columns.length && asked) {
    throw noLabelColumn(
      `The label column is number ${labelColumnIndex}, but there are ${columns.length} columns.`,
      place,
    );
  }
  const isChosen = new Set<Column>();
  for (const [key, role] of Object.entries(chosen)) {
    const column = findColumn(columns, key);
    if (!column) {
      throw new PretextError({
        code: 'signals.columns',
        message: `There is no column “${key}”. The columns are: ${columns.map(({ name }) => name).join(', ')}.`,
        place,
        remedy: 'Name the column as it stands in the header, or give its number, counted from 1.',
      });
    }
    if (role === 'time') takeAsClock(column);
    Object.assign(column, { role, why: 'chosen', isDoubtful: false, isQuestion: false });
    isChosen.add(column);
  }
  // There is one clock and one label: those chosen take the place of those found.
  for (const role of ['time', 'label'] as const) {
    const choice = [...isChosen].filter((column) => column.role === role);
    if (choice.length === 0) continue;
    for (const column of columns) {
      if (column.role === role && column !== choice[0]) {
        Object.assign(column, { role: 'ignored', why: 'another was chosen', isDoubtful: false });
      }
    }
  }
  const { labelColumn } = options;
  const needsColumn = labelFrom === 'column' || (labelFrom === 'auto' && labelColumn !== undefined);
  if (needsColumn && !columns.some(({ role }) => role === 'label') && !context.filesHaveLabels) {
    const titles = columns.flatMap(({ title }) => (title === null ? [] : [title]));
    throw noLabelColumn(
      `There is no column “${labelColumn}”. ${titles.length > 0 ? `Columns are: ${titles.join(', ')}.` : 'The file has no header.'}`,
      place,
    );
  }
}

function findColumn(columns: readonly Column[], key: string): Column | undefined {
  const wanted = key.trim().toLowerCase();
  // Names that are numbers themselves would make the same key mean two columns.
  if (/^[1-9]\d*$/.test(wanted)) return columns[Number(wanted) - 1];
  return (
    columns.find(({ name }) => name.toLowerCase() === wanted) ??
    columns.find(({ title }) => title?.toLowerCase() === wanted)
  );
}

/**
 * The channels in their order, by the names given where there are any: names of the header choose columns, other
 * names are given to the columns in their order.
 * @throws PretextError `signals.channels`
 */
export function chooseChannels(
  columns: Column[],
  options: ImportOptions,
  place: string,
): { column: Column; name: string }[] {
  const chosen = options.signals.channels;
  const found = columns.filter(({ role }) => role === 'channel');
  if (chosen === undefined) {
    if (found.length === 0) throw channelProblem('There is no column left for a channel.', place);
    return found.map((column) => ({ column, name: column.name }));
  }
  const named = byTitle(columns, chosen);
  if (named) {
    for (const column of found) if (!named.includes(column)) notChosen(column);
  }
  const numeric = columns.filter(
    ({ role, facts }) => role === 'channel' || (role === 'ignored' && facts.numbers > 0.5),
  );
  const others = columns.filter(({ role }) => role !== 'label');
  const taken = named ?? [found, numeric, others].find(({ length }) => length === chosen.length);
  if (!taken) {
    throw channelProblem(
      `${chosen.length} channel names are given, but the file has ${found.length} columns for channels: ${found.map(({ name }) => name).join(', ')}.`,
      place,
    );
  }
  const names = uniqueNames(chosen, chosen.length);
  return taken.map((column, index) => {
    if (column.role !== 'channel')
      Object.assign(column, { role: 'channel', why: 'chosen', isDoubtful: false });
    return { column, name: names[index]! };
  });
}

const notChosen = (column: Column): void =>
  void Object.assign(column, { role: 'ignored', why: 'not among the channels chosen', isDoubtful: false });

/** Of several columns of one name, the first that is not taken yet. */
function byTitle(columns: readonly Column[], chosen: readonly string[]): Column[] | null {
  const taken: Column[] = [];
  for (const name of chosen) {
    const fits = (column: Column) =>
      (column.title === name || (column.title !== null && column.name === name)) && !taken.includes(column);
    const column = columns.find(fits);
    if (!column) return null;
    taken.push(column);
  }
  return taken;
}

function noLabelColumn(message: string, place: string): PretextError {
  return new PretextError({
    code: 'signals.no-label-column',
    message,
    place,
    remedy: 'Name the label column as it stands in the header, or give its number, counted from 1.',
  });
}

function channelProblem(message: string, place: string): PretextError {
  return new PretextError({
    code: 'signals.channels',
    message,
    place,
    remedy: 'Give one name for each channel, in the order of the columns, the label column left out.',
  });
}
