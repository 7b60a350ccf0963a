/** Which columns of a table are channels and which one is the label. */
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/index.ts';
import { LABEL_COLUMNS } from '../reading/label-file.ts';
import { isMissing, isNumber, type Dialect } from './dialect.ts';

export interface ColumnPlan {
  /** Column numbers from 0, in the order of the channels. */
  channelColumns: number[];
  channelNames: string[];
  /** Column number from 0; null where labels do not come from a column. */
  labelColumn: number | null;
  labelFrom: 'column' | 'file' | 'none';
}

export interface ColumnContext {
  /** The label file or the path pattern gives labels. */
  filesHaveLabels: boolean;
  /** Class folders give labels. */
  foldersHaveLabels: boolean;
  place: string;
}

const TIME_COLUMNS = /^(time|timestamp|timestamps|t|seconds|sec|ms|datetime|date)([ _([].*)?$/i;
const MOST_LABEL_VALUES = 64;

/**
 * @param heads First rows of several files: a label that is constant in one changes in another.
 * @throws PretextError `signals.no-label-column`, `signals.channels`
 */
export function planColumns(
  dialect: Dialect,
  heads: string[][][],
  options: ImportOptions,
  context: ColumnContext,
): ColumnPlan {
  const labelColumn = findLabelColumn(dialect, heads, options, context);
  const files = context.filesHaveLabels || context.foldersHaveLabels;
  const { labelFrom } = options.signals;
  const fileLabels = labelColumn === null && labelFrom !== 'none' && files;
  const names = dialect.header;
  const free = Array.from({ length: dialect.columnCount }, (_, column) => column).filter(
    (column) => column !== labelColumn,
  );
  return {
    ...channelsOf(names, free, options.signals.channels, context.place),
    labelColumn,
    labelFrom: labelColumn !== null ? 'column' : fileLabels ? 'file' : 'none',
  };
}

function channelsOf(
  header: string[] | null,
  free: number[],
  chosen: string[] | undefined,
  place: string,
): Pick<ColumnPlan, 'channelColumns' | 'channelNames'> {
  const signals = header ? free.filter((column) => !TIME_COLUMNS.test(header[column] ?? '')) : free;
  const nameOf = (column: number) => header?.[column] || `channel ${column + 1}`;
  if (chosen === undefined) {
    if (signals.length === 0) throw channelProblem('There is no column left for a channel.', place);
    return { channelColumns: signals, channelNames: signals.map(nameOf) };
  }
  if (header && chosen.every((name) => header.includes(name))) {
    return { channelColumns: chosen.map((name) => header.indexOf(name)), channelNames: [...chosen] };
  }
  if (chosen.length === signals.length) return { channelColumns: signals, channelNames: [...chosen] };
  throw channelProblem(
    `${chosen.length} channel names are given, but the file has ${signals.length} columns for channels${header ? `: ${signals.map(nameOf).join(', ')}` : ''}.`,
    place,
  );
}

function findLabelColumn(
  dialect: Dialect,
  heads: string[][][],
  options: ImportOptions,
  context: ColumnContext,
): number | null {
  const { labelFrom, labelColumnIndex } = options.signals;
  if (labelFrom === 'none' || labelFrom === 'file') return null;
  if (labelColumnIndex !== undefined) {
    if (labelColumnIndex <= dialect.columnCount) return labelColumnIndex - 1;
    throw noLabelColumn(
      `The label column is number ${labelColumnIndex}, but there are ${dialect.columnCount} columns.`,
      context.place,
    );
  }
  const lower = dialect.header?.map((name) => name.toLowerCase()) ?? [];
  const wanted = options.labelColumn === undefined ? LABEL_COLUMNS : [options.labelColumn.toLowerCase()];
  const named = wanted.map((name) => lower.indexOf(name)).find((column) => column >= 0);
  if (named !== undefined) return named;
  const last = dialect.columnCount - 1;
  if (labelFrom === 'column') {
    if (options.labelColumn !== undefined) {
      throw noLabelColumn(
        `There is no column “${options.labelColumn}”. ${dialect.header ? `Columns are: ${dialect.header.join(', ')}.` : 'The file has no header.'}`,
        context.place,
      );
    }
    return last;
  }
  if (context.filesHaveLabels || options.labelColumn !== undefined || dialect.columnCount < 2) return null;
  return looksLikeLabels(heads.map((rows) => rows.map((row) => row[last] ?? ''))) ? last : null;
}

/** Few different whole numbers or words, which stay the same for long stretches. */
function looksLikeLabels(columns: string[][]): boolean {
  const values = new Set<string>();
  let changes = 0;
  let count = 0;
  for (const column of columns) {
    column.forEach((value, row) => {
      if (isMissing(value)) return;
      values.add(value);
      count += 1;
      if (row > 0 && value !== column[row - 1]) changes += 1;
    });
  }
  const whole = [...values].every((value) => !isNumber(value) || /^[+-]?\d+(\.0+)?$/.test(value));
  return whole && values.size >= 2 && values.size <= MOST_LABEL_VALUES && changes <= count / 16;
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
