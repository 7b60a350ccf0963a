/** What could be read in two ways, in words: how it is taken, and which option says otherwise. */
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import { ENCODING_TITLES } from './encoding.ts';
import type { NumberDecision } from './numbers.ts';
import { sameColumns, sameRate, type DelimitedPlan, type FileRate, type NamedHead } from './plan-types.ts';
import type { Column } from './roles.ts';
import { formatRate, formatSpan } from './time.ts';

const doubt = (code: string, message: string, remedy: string, blocking = false): Doubt => ({
  code: `delimited.${code}`,
  message,
  remedy,
  blocking,
});

export function headDoubts(
  heads: readonly NamedHead[],
  usual: NamedHead,
  decision: NumberDecision,
  options: ImportOptions,
): Doubt[] {
  const found: Doubt[] = [];
  const comma = heads.find(({ dialect }) => dialect.commaIsEither);
  if (comma) {
    found.push(
      doubt(
        'comma',
        `“${comma.path}”: the comma in ${example(comma)} may part decimals (one column) or two columns, and nothing tells which.`,
        'Say which: decimal “comma”, or delimiter “comma”.',
        true,
      ),
    );
  }
  if (decision.doubt === 'comma-either') {
    found.push(
      doubt(
        'comma',
        `Numbers such as ${numberLike(heads, /^[+-]?\d{1,3},\d{3}$/)} may have a decimal comma or a comma that groups thousands, and nothing tells which.`,
        'Say which: decimal “comma”, or decimal “point”.',
        true,
      ),
    );
  }
  if (decision.doubt === 'point-either' && usual.dialect.delimiter === ';') {
    found.push(
      doubt(
        'point',
        `Numbers such as ${numberLike(heads, /^[+-]?\d{1,3}\.\d{3}$/)} are taken to have a decimal point; it could group thousands.`,
        'Decimal “comma” says that it does.',
      ),
    );
  }
  if (decision.doubt === 'mixed') {
    found.push(
      doubt(
        'mixed-numbers',
        `Some numbers have a decimal comma, others a decimal point; ${decision.decimal === ',' ? 'commas' : 'points'} are read, the others are listed as bad rows.`,
        'Say which: decimal “comma”, or decimal “point”.',
      ),
    );
  }
  if (usual.dialect.headerIsNumbers) {
    found.push(
      doubt(
        'header',
        `The line ${usual.dialect.header?.slice(0, 4).join(', ')}${(usual.dialect.header?.length ?? 0) > 4 ? ', …' : ''} is taken for names of columns.`,
        'Header line 0 says that it is data.',
      ),
    );
  }
  const others = heads.filter(({ dialect }) => !sameColumns(dialect, usual.dialect));
  if (others.length > 0) {
    found.push(
      doubt(
        'other-columns',
        `${others.length} of ${heads.length} files looked at have other columns than “${usual.path}”, or another order, “${others[0]!.path}” among them. Columns are found by name; files that lack a channel are left out.`,
        'Choose channels that all files have, or import them as datasets of their own.',
      ),
    );
  }
  const guessed = heads.find(({ encoding }) => encoding === 'windows-1252');
  if (guessed && options.text.encoding === 'auto') {
    found.push(
      doubt(
        'encoding',
        `“${guessed.path}” is no UTF-8; its letters are read as ${ENCODING_TITLES['windows-1252']}.`,
        'Say another encoding if letters look wrong.',
      ),
    );
  }
  return found;
}

const example = ({ dialect }: NamedHead): string => `“${dialect.rows[0]?.join(dialect.delimiter) ?? ''}”`;

function numberLike(heads: readonly NamedHead[], shape: RegExp): string {
  for (const { dialect } of heads)
    for (const row of dialect.rows) for (const cell of row) if (shape.test(cell)) return `“${cell}”`;
  return '“1,234”';
}

const TAKEN: Record<Column['role'], string> = {
  time: 'taken as the time',
  channel: 'taken as a channel',
  label: 'taken as the label',
  group: 'taken as a group',
  ignored: 'left out',
};

export function columnDoubts(columns: readonly Column[]): Doubt[] {
  return columns
    .filter(({ isDoubtful }) => isDoubtful)
    .map((column) =>
      doubt(
        'column',
        `Column ${column.index + 1}${column.title ? ` (${column.title})` : ''} is ${TAKEN[column.role]}: ${column.why}.`,
        column.isQuestion
          ? 'Say where labels come from: label from “column”, or label from “file”; or choose a role for the column.'
          : 'Choose another role for it if that is wrong.',
        column.isQuestion,
      ),
    );
}

export function rateDoubts(
  rates: readonly FileRate[],
  { samplingRate, rateFrom }: Pick<DelimitedPlan, 'samplingRate' | 'rateFrom'>,
  time: Column | null,
  {
    resampleTo,
    withoutRate,
    uneven: answer,
  }: Pick<ImportOptions['signals'], 'resampleTo' | 'withoutRate' | 'uneven'>,
): Doubt[] {
  if (samplingRate === null) {
    return [
      doubt(
        'rate-unknown',
        'Nothing in the files says how many samples a second they hold.',
        resampleTo === undefined
          ? `Give the sampling rate${withoutRate ? '' : ', or say that it is not known (without rate)'}. Without it windows are counted in samples, and the dataset cannot be put together with others.`
          : 'Give the sampling rate: without it nothing can be resampled.',
        resampleTo !== undefined || withoutRate !== true,
      ),
    ];
  }
  const found: Doubt[] = [];
  const other = rates.find(({ hz, pace }) => !sameRate(hz, samplingRate, pace?.isRough));
  if (other && rateFrom === 'told') {
    found.push(
      doubt(
        'rate-differs',
        `The sampling rate given is ${formatRate(samplingRate)}, but “${other.path}” says ${formatRate(other.hz)}.`,
        'Leave the sampling rate out to read it from the files.',
      ),
    );
  } else if (other && resampleTo === undefined) {
    found.push(
      doubt(
        'rates-differ',
        `The recordings have different rates: ${describeRates(rates)}.`,
        'Say the rate that all are brought to (resample to), or import them as datasets of their own.',
        true,
      ),
    );
  }
  const uneven = rates.find(({ pace }) => pace?.isUneven);
  if (uneven?.pace && rateFrom === 'time' && answer !== 'interpolate') {
    const { shortest, longest } = uneven.pace;
    found.push(
      doubt(
        'time-uneven',
        `“${uneven.path}”: rows are ${formatSpan(shortest)} to ${formatSpan(longest)} apart, ${formatRate(uneven.hz)} on average. Windows need rows that are even in time.`,
        'Have values between rows interpolated (uneven: interpolate), at this rate or the one they are brought to (resample to); or give the sampling rate that rows are to be taken as even at, where their times do not matter so much.',
        true,
      ),
    );
  }
  if (
    rateFrom === 'time' &&
    time &&
    !time.isDoubtful &&
    time.why === 'time, taken as seconds' &&
    samplingRate < 1
  ) {
    found.push(
      doubt(
        'time-unit',
        `The times of “${time.name}” are taken as seconds, which makes ${formatRate(samplingRate)}.`,
        'Give the sampling rate if that is wrong.',
      ),
    );
  }
  return found;
}

function describeRates(rates: readonly FileRate[]): string {
  const groups: { hz: number; paths: string[] }[] = [];
  for (const { hz, path } of rates) {
    const known = groups.find((group) => sameRate(group.hz, hz));
    if (known) known.paths.push(path);
    else groups.push({ hz, paths: [path] });
  }
  return groups
    .map(
      ({ hz, paths }) =>
        `${formatRate(hz)} (“${paths[0]}”${paths.length > 1 ? ` and ${paths.length - 1} more` : ''})`,
    )
    .join(', ');
}
