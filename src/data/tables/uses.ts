/** Which columns of a table hold the target, the groups and the splits, and which names there are at all. */
import type { ImportOptions } from '../../contract/index.ts';
import { isSeveral } from '../../contract/data/target.ts';
import { PretextError } from '../../contract/errors.ts';
import { LABEL_COLUMNS } from '../reading/label-file.ts';
import type { TableOptions } from './options.ts';
import type { Use, Uses } from './plan.ts';

export interface TableUses {
  uses: Uses;
  target: string | null;
  /** Nobody named the target: its column is called as targets are. */
  byName: boolean;
  /** Columns of several labels or numbers; empty where there is one target. */
  targets: string[];
  /** Which says how much a row counts. */
  weight: string | null;
  /** Whose values are kept with each row, for groups and splits. */
  kept: string[];
}

/**
 * @param names of all columns
 * @throws PretextError `import.no-column` for a name that no column has, `table.column-twice`
 */
export function usesOf(
  names: readonly string[],
  options: ImportOptions,
  own: TableOptions,
  place: string,
): TableUses {
  const find = (name: string, field: string): string => {
    const found =
      names.find((one) => one === name) ??
      names.find((one) => one.toLowerCase() === name.trim().toLowerCase());
    if (found !== undefined) return found;
    throw new PretextError({
      code: 'import.no-column',
      message: `${field}: there is no column “${name}”. The columns are: ${names.slice(0, 40).join(', ')}${names.length > 40 ? ', …' : ''}.`,
      place,
      remedy: 'Name it as it stands in the header.',
    });
  };
  for (const field of ['kinds', 'orders'] as const)
    for (const name of Object.keys(own[field] ?? {})) find(name, `options.${field}`);
  const several = isSeveral(options.target);
  const targets = several ? (options.labelColumns ?? []).map((name) => find(name, 'labelColumns')) : [];
  const target = several
    ? null
    : options.labelColumn === undefined
      ? (names.find((name) => LABEL_COLUMNS.includes(name.toLowerCase()) && !own.kinds?.[name]) ?? null)
      : find(options.labelColumn, 'labelColumn');
  const group = (options.group?.split('+') ?? [])
    .map((name) => name.trim())
    .filter((name) => name !== 'file')
    .map((name) => find(name, 'group'));
  const split =
    options.split?.by === 'column' && options.split.column !== 'file'
      ? [find(options.split.column, 'split.column')]
      : [];
  const weight = own.weight === undefined ? null : find(own.weight, 'options.weight');
  const answers = [...(target === null ? [] : [target]), ...targets];
  const twice =
    answers.find((name) => [...group, ...split, weight].includes(name)) ??
    [...group, ...split].find((name) => name === weight);
  if (twice !== undefined)
    throw new PretextError({
      code: 'table.column-twice',
      message: `“${twice}” is to be two of these at once: the target, what says groups or splits, the weight.`,
      place,
      remedy: 'Name another column for one of them.',
    });
  const uses: Map<string, Use> = new Map();
  if (weight !== null) uses.set(weight, 'weight');
  for (const name of split) uses.set(name, 'split');
  for (const name of group) uses.set(name, 'group');
  if (target !== null) uses.set(target, 'target');
  for (const name of targets) uses.set(name, 'target');
  const byName = target !== null && options.labelColumn === undefined;
  return { uses, target, byName, targets, weight, kept: [...new Set([...group, ...split])] };
}
