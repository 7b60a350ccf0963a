/** What an import of tables would find: each column with its kind, and why. */
import type { ImportOptions } from '../../contract/index.ts';
import type { Doubt, Inspection } from '../../contract/messages/rpc.ts';
import { isSeveral } from '../../contract/data/target.ts';
import { className } from '../delimited/runs.ts';
import { naturalOrder } from '../reading/listing.ts';
import type { Found } from '../reading/types.ts';
import { givesAwayWords, type GivenAway } from './answers.ts';
import { lookAtTables, type LookedTables } from './look.ts';
import type { TableOptions } from './options.ts';
import type { FoundColumn } from './plan.ts';
import { cellText, type CellForm, type TableSource } from './source.ts';

/** Looking has to answer while somebody waits. */
const MOST_ROWS = 50_000;
const SHOWN_ROWS = 6;
/** More classes are more likely numbers, or names. */
const MANY_CLASSES = 100;

export async function inspectTables(
  sources: readonly TableSource[],
  options: ImportOptions,
  own: TableOptions,
  form: CellForm,
  place: string,
): Promise<Found> {
  const looked = await lookAtTables(sources, options, own, form, place, { most: MOST_ROWS });
  const columns = looked.columns.map(({ found }) => found);
  const classes = options.target === 'classes' ? classesOf(looked) : [];
  const target = columns.find(({ name }) => name === (looked.target ?? looked.targets[0]));
  const isMore =
    looked.cut || looked.columns.some(({ found, survey }) => found === target && survey.overflowed);
  return {
    classes,
    columns: columns.map(({ name }) => name),
    exampleRows: await firstRows(sources[0]),
    labelsFrom: target ? 'column' : 'nothing',
    unlabeled: target?.missing ?? 0,
    doubts: [
      ...columns.flatMap(columnDoubt),
      ...columns.flatMap(({ concerns }) => concerns),
      ...looked.same.map(sameDoubt),
      ...(looked.ragged ? [raggedDoubt(looked.ragged)] : []),
      ...(looked.targets.length === 0 && looked.target === null ? [noTarget] : []),
      ...numberDoubts(looked, options),
      ...(isSeveral(options.target)
        ? severalDoubts(columns, looked.targets, options.target)
        : targetDoubts(target, classes.length, isMore, options)),
      ...looked.givesAway.map(givesAwayDoubt),
    ],
    tableColumns: columns.map(planOf),
    notes: [
      looked.cut
        ? `The first ${looked.rows.toLocaleString('en')} rows were looked at; the import looks at all.`
        : `${looked.rows.toLocaleString('en')} ${looked.rows === 1 ? 'row' : 'rows'}, each a sample of its own.`,
      ...(looked.targets.length > 0
        ? [`The targets are ${looked.targets.map((name) => `“${name}”`).join(', ')}.`]
        : looked.target === null
          ? []
          : [`The target is “${looked.target}”.`]),
    ],
  };
}

/** Rows for pretraining alone are as good as others; whoever forgot the target finds it out late. */
const noTarget: Doubt = {
  code: 'table.no-target',
  message: 'No column is named as the target: all rows are without a label, and serve pretraining alone.',
  remedy: 'To fine-tune and compare, say which column is to be predicted (labelColumn).',
  blocking: false,
};

function classesOf({ columns, target }: LookedTables): Inspection['classes'] {
  const counts =
    columns.find(({ found }) => found.name === target)?.survey.counts ?? new Map<string, never>();
  const classes = new Map<string, number>();
  for (const [cell, { count }] of counts)
    classes.set(className(cell), (classes.get(className(cell)) ?? 0) + count);
  return [...classes]
    .map(([name, files]) => ({ name, files }))
    .sort((one, other) => naturalOrder(one.name, other.name));
}

async function firstRows(source: TableSource | undefined): Promise<string[][]> {
  for await (const block of source?.rows(() => undefined) ?? [])
    return block
      .slice(0, SHOWN_ROWS)
      .map(({ cells }) => cells.map((cell) => (Number.isNaN(cell) ? '' : cellText(cell))));
  return [];
}

/** What a person is told of a column, in place of what was found in detail. */
function planOf(column: FoundColumn): Inspection['tableColumns'][number] {
  const { name, kind, use, reason, unit, order, rows, missing, distinct, isMoreDistinct, odd, concerns } =
    column;
  return {
    name,
    kind,
    use,
    reason,
    rows,
    missing,
    distinct,
    isMoreDistinct,
    ...(unit !== undefined && { unit }),
    ...(order && { order }),
    isDoubtful: odd !== null || concerns.length > 0,
  };
}

const columnDoubt = ({ name, kind, use, reason, odd }: FoundColumn): Doubt[] =>
  odd === null
    ? []
    : [
        {
          code: 'table.column',
          message: `“${name}” is taken as ${kind}${use === 'left-out' ? ', left out' : ''}. ${reason}`,
          remedy: 'Say its kind (kinds), or which words mean that nothing is known (missingWords).',
          blocking: false,
        },
      ];

const raggedDoubt = ({ count, first }: NonNullable<LookedTables['ragged']>): Doubt => ({
  code: 'table.ragged',
  message: `${count === 1 ? 'One row has' : `${count.toLocaleString('en')} rows have`} other than one cell a column, and ${count === 1 ? 'is' : 'are'} left out: row ${first.line} of “${first.path}” has ${first.cells}${count === 1 ? '' : ' and is the first'}; ${first.names} columns are named.`,
  remedy: 'Look at it: a separator in a text wants quotes around it.',
  blocking: false,
});

/** Of targets that are numbers: cells that are none. */
function numberDoubts({ columns, target, targets }: LookedTables, options: ImportOptions): Doubt[] {
  if (options.target !== 'number' && options.target !== 'numbers') return [];
  const asked = target === null ? targets : [target];
  return columns
    .filter(({ found }) => asked.includes(found.name))
    .flatMap(({ found, survey }) => {
      const { known, numbers, firstNoNumber: odd } = survey;
      if (odd === null) return [];
      const count = known - numbers;
      const share = `${count === 1 ? 'One' : count.toLocaleString('en')} of ${known.toLocaleString('en')}`;
      return [
        {
          code: 'table.target-cells',
          message: `${share} known cells of the target “${found.name}” ${count === 1 ? 'is no number' : 'are no numbers'}: “${odd.text}” in row ${odd.line}${count === 1 ? '' : ' is the first'}.`,
          remedy: 'Such rows have no label; mend them, or choose another target.',
          blocking: false,
        },
      ];
    });
}

const sameDoubt = (names: readonly string[]): Doubt => ({
  code: 'table.same-columns',
  message: sameWords(names),
  remedy: 'Leave all but one out (kinds: left-out).',
  blocking: false,
});

export const sameWords = (names: readonly string[]): string =>
  `${names.map((name) => `“${name}”`).join(' and ')} hold the same in every row.`;

const givesAwayDoubt = (found: GivenAway): Doubt => ({
  code: 'table.gives-away',
  message: givesAwayWords(found),
  remedy: 'Leave it out (kinds: left-out) if it is not known before the target is.',
  blocking: false,
});

function severalDoubts(
  columns: readonly FoundColumn[],
  targets: readonly string[],
  kind: 'labels' | 'numbers',
): Doubt[] {
  const doubt = (message: string, remedy: string): Doubt => ({
    code: 'table.target',
    message,
    remedy,
    blocking: true,
  });
  if (targets.length === 0)
    return [
      doubt(
        `Several ${kind} are to be learned at once, and no column is named that holds one.`,
        `Make each column that holds one a target (labelColumns).`,
      ),
    ];
  return columns
    .filter(({ name, distinct }) => targets.includes(name) && distinct <= 1)
    .map(({ name, distinct }) =>
      doubt(
        `The target “${name}” has ${distinct === 0 ? 'no value' : 'one value alone'}: there is nothing to learn.`,
        'Make it no target.',
      ),
    );
}

function targetDoubts(
  target: FoundColumn | undefined,
  classes: number,
  isMore: boolean,
  options: ImportOptions,
): Doubt[] {
  if (!target) return [];
  const isNumber = target.kind === 'number' || target.kind === 'whole-number';
  const doubt = (message: string, remedy: string): Doubt => ({
    code: 'table.target',
    message: `The target “${target.name}” ${message}`,
    remedy,
    blocking: false,
  });
  if (target.distinct <= 1)
    return [
      doubt(
        `has ${target.distinct === 0 ? 'no value' : 'one value alone'}: there is nothing to learn.`,
        'Choose another column.',
      ),
    ];
  if (options.target === 'classes' && (classes > MANY_CLASSES || target.kind === 'number'))
    return [
      doubt(
        `has ${isMore ? 'at least ' : ''}${classes.toLocaleString('en')} different values, each taken as a class.`,
        isNumber
          ? 'Say that the target is a number where these are to be predicted.'
          : 'Choose another column if these are names.',
      ),
    ];
  return [];
}
