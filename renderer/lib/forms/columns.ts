/** The grid of columns in the import form: roles as found, and those that were chosen instead. */
import type { ColumnRole } from '../../../src/contract/recipe/recipe.ts';
import type { Doubt, Inspection } from '../../../src/contract/messages/rpc.ts';
import type { ImportDraft } from './drafts.ts';

type Roles = Record<string, ColumnRole>;

export const COLUMN_ROLES: readonly { value: ColumnRole; title: string }[] = [
  { value: 'channel', title: 'Channel' },
  { value: 'time', title: 'Time' },
  { value: 'label', title: 'Label' },
  { value: 'group', title: 'Group' },
  { value: 'ignored', title: 'Left out' },
];

export const chosenColumns = ({ signals }: ImportDraft): Roles =>
  (signals['columns'] as Roles | undefined) ?? {};

/** There is one clock and one label: whatever was it before is left out. */
export function withColumnRole(grid: Inspection['grid'], chosen: Roles, column: number, role: string): Roles {
  const roles: Roles = { ...chosen, [column + 1]: role as ColumnRole };
  if (role !== 'time' && role !== 'label') return roles;
  grid.forEach((one, at) => {
    if (at !== column && one.role === role) roles[at + 1] = 'ignored';
  });
  return roles;
}

/** All roles as they were shown, so that they are what is carried out. */
export const shownColumns = ({ grid }: Inspection): Roles | undefined =>
  grid.length === 0 ? undefined : Object.fromEntries(grid.map(({ role }, at) => [at + 1, role]));

/** Doubts that no part of the form of its own shows: those about folders and columns stand there. */
export const otherDoubts = ({ doubts }: Inspection): Doubt[] =>
  doubts.filter(
    ({ code }) =>
      !code.startsWith('delimited.') && !code.startsWith('import.folders') && code !== 'table.column',
  );

/** Doubts about the text; those about single columns stand in the grid. */
export const columnDoubts = ({ doubts }: Inspection): Doubt[] =>
  doubts.filter(({ code }) => code.startsWith('delimited.') && code !== 'delimited.column');
