/**
 * The plan of columns: what every file of a data set is read by.
 *
 * It is made once, over the heads of several files; the preview shows it and the import carries it out.
 */
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { applyChoices, chooseChannels } from './choices.ts';
import type { Dialect } from './dialect.ts';
import { columnDoubts, headDoubts, rateDoubts } from './doubts.ts';
import { factsOf, niceRate, paceOf, type Pace } from './facts.ts';
import { FileProblem } from '../problem.ts';
import { addEvidence, decideNumbers, noEvidence, type NumberDecision, type NumberFormat } from './numbers.ts';
import {
  sameColumns,
  type DelimitedPlan,
  type FileColumns,
  type FileRate,
  type NamedHead,
  type PlanContext,
} from './plan-types.ts';
import { findRoles, uniqueNames, type Column } from './roles.ts';

/**
 * @param heads Of several files, in order; at least one.
 * @throws PretextError `signals.no-label-column`, `signals.channels`, `signals.columns`
 */
export function makePlan(
  heads: readonly NamedHead[],
  options: ImportOptions,
  context: PlanContext,
): DelimitedPlan {
  const usual = usualHead(heads);
  const alike = heads.filter((head) => sameColumns(head.dialect, usual.dialect));
  const decision = numberFormat(heads, options);
  const columns = findRoles(
    usual.dialect,
    alike.map(({ dialect }) => dialect),
    decision,
    {
      // Folders that a pattern takes apart are columns rather than classes.
      hasOtherLabels:
        context.filesHaveLabels || (context.foldersHaveLabels && options.pathPattern === undefined),
      foldersAlone: context.foldersHaveLabels && !context.filesHaveLabels && options.folders === undefined,
      labelColumn: options.labelColumn,
      labelNumber: options.signals.labelColumnIndex,
      labelFrom: options.signals.labelFrom,
      isNumberTarget: options.target === 'number',
    },
  );
  applyChoices(columns, options, usual.path, context);
  const channels = chooseChannels(columns, options, usual.path);
  const label = columns.find(({ role }) => role === 'label') ?? null;
  const time = columns.find(({ role }) => role === 'time') ?? null;
  const fromFiles = context.filesHaveLabels || context.foldersHaveLabels;
  const rates = time ? fileRates(heads, usual.dialect, time, decision) : statedRates(heads);
  const rate = rateOf(rates, time !== null, options);
  return {
    dialect: usual.dialect,
    encoding: usual.encoding,
    format: decision,
    columns,
    channels,
    label,
    time,
    groups: columns.filter(({ role }) => role === 'group'),
    labelFrom: label ? 'column' : fromFiles && options.signals.labelFrom !== 'none' ? 'file' : 'none',
    ...rate,
    doubts: [
      ...headDoubts(heads, usual, decision, options),
      ...columnDoubts(columns),
      ...rateDoubts(rates, rate, time, options.signals),
    ],
  };
}

/** The head whose columns most files share; the first of equals. */
function usualHead(heads: readonly NamedHead[]): NamedHead {
  const counts = new Map<string, number>();
  const keyOf = ({ dialect }: NamedHead) => dialect.header?.join('\n') ?? String(dialect.columnCount);
  for (const head of heads) counts.set(keyOf(head), (counts.get(keyOf(head)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return heads.find((head) => counts.get(keyOf(head)) === most)!;
}

/** How numbers of all files are written, as told or as found. */
export function numberFormat(heads: readonly NamedHead[], options: ImportOptions): NumberDecision {
  const evidence = noEvidence();
  for (const { dialect } of heads) addEvidence(evidence, dialect.evidence);
  const found = decideNumbers(evidence);
  const { decimal } = options.text;
  if (decimal === 'auto') return found;
  const isComma = decimal === 'comma';
  const grouped = isComma
    ? evidence.pointGroups + evidence.pointOrGroup
    : evidence.commaGroups + evidence.commaOrGroup;
  const other = isComma ? '.' : ',';
  const spaced = found.thousands === ' ' || found.thousands === "'" ? found.thousands : '';
  return { decimal: isComma ? ',' : '.', thousands: grouped > 0 ? other : spaced, doubt: null };
}

/** @throws FileProblem `other-columns` */
export function columnsOfFile(plan: DelimitedPlan, dialect: Dialect): FileColumns {
  const { header } = plan.dialect;
  if (sameColumns(plan.dialect, dialect)) {
    return {
      channels: plan.channels.map(({ column }) => column.index),
      label: plan.label?.index ?? null,
      time: plan.time?.index ?? null,
      groups: plan.groups.map(({ index }) => index),
      isReordered: false,
    };
  }
  if (!header || !dialect.header) {
    throw new FileProblem(
      'other-columns',
      `The file has ${dialect.columnCount} columns, most recordings have ${plan.dialect.columnCount}. Import it as a dataset of its own.`,
    );
  }
  const planned = uniqueNames(header, header.length);
  const names = uniqueNames(dialect.header, dialect.columnCount);
  const find = (column: Column | null) => {
    const at = column ? names.indexOf(planned[column.index]!) : -1;
    return at === -1 ? null : at;
  };
  const missing = plan.channels.filter(({ column }) => find(column) === null);
  if (missing.length > 0) {
    throw new FileProblem(
      'other-columns',
      `There is no column ${missing.map(({ column }) => `“${planned[column.index]}”`).join(', ')}, which most recordings have. Its columns: ${dialect.header.join(', ')}. Import it as a dataset of its own, or choose channels that all have.`,
    );
  }
  return {
    channels: plan.channels.map(({ column }) => find(column)!),
    label: find(plan.label),
    time: find(plan.time),
    groups: plan.groups.map(find),
    isReordered: true,
  };
}

function fileRates(
  heads: readonly NamedHead[],
  usual: Dialect,
  time: Column,
  format: NumberFormat,
): FileRate[] {
  return heads.flatMap(({ path, dialect }) => {
    const index = sameColumns(usual, dialect)
      ? time.index
      : (dialect.header ?? []).indexOf(usual.header?.[time.index] ?? '');
    const rate = index < 0 ? null : rateOfFile(dialect, index, time.secondsPerOne, format);
    return rate ? [{ path, ...rate }] : [];
  });
}

/** What a line above the data says, else what the times say. */
export function rateOfFile(
  dialect: Dialect,
  timeColumn: number | null,
  secondsPerOne: number,
  format: NumberFormat,
): { hz: number; pace: Pace | null } | null {
  const pace =
    timeColumn === null
      ? null
      : paceOf(factsOf([{ rows: dialect.rows, laterRows: [] }], timeColumn, format).steps, secondsPerOne);
  const hz = dialect.statedRate ?? pace?.hz;
  return hz === undefined ? null : { hz, pace };
}

const statedRates = (heads: readonly NamedHead[]): FileRate[] =>
  heads.flatMap(({ path, dialect }) =>
    dialect.statedRate === null ? [] : [{ path, hz: dialect.statedRate, pace: null }],
  );

function rateOf(
  rates: readonly FileRate[],
  hasTime: boolean,
  options: ImportOptions,
): Pick<DelimitedPlan, 'samplingRate' | 'rateFrom'> {
  const told = options.signals.samplingRate;
  if (told !== undefined) return { samplingRate: told, rateFrom: 'told' };
  const sorted = rates.map(({ hz }) => hz).sort((one, other) => one - other);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) return { samplingRate: null, rateFrom: null };
  return { samplingRate: niceRate(middle), rateFrom: hasTime ? 'time' : 'stated' };
}
