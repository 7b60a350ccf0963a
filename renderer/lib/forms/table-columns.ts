/** Columns of tables in the import form: what they are taken as, and what was chosen instead. */
import { isSeveral, type Target } from '../../../src/contract/data/target.ts';
import type { Inspection } from '../../../src/contract/messages/rpc.ts';
import type { ImportDraft } from './drafts.ts';

type TableColumn = Inspection['tableColumns'][number];

/** What a person chooses a column to be: a feature of a kind, nothing, or what it is there for. */
export const TABLE_ROLES = [
  { value: 'number', title: 'Number' },
  { value: 'whole-number', title: 'Whole number' },
  { value: 'category', title: 'Category' },
  { value: 'ordered-category', title: 'Ordered category' },
  { value: 'yes-no', title: 'Yes or no' },
  { value: 'date', title: 'Date' },
  { value: 'left-out', title: 'Left out' },
  { value: 'target', title: 'Target (label)' },
  { value: 'group', title: 'Group' },
  { value: 'weight', title: 'Weight' },
] as const;
type TableRole = (typeof TABLE_ROLES)[number]['value'];

/** A column that decides about splits is none of these: the form of splits says it. */
export const roleOf = ({ use, kind }: TableColumn): TableRole | 'split' => {
  if (use === 'feature') return kind === 'text' ? 'left-out' : kind;
  return use;
};

/**
 * There is one target (unless several labels or numbers are to be learned at once), one group and one weight; a column
 * that was one of them and is chosen to be another is it no longer.
 */
export function withTableRole(draft: ImportDraft, format: string, name: string, role: string): void {
  const { kinds = {}, ...own } = (draft.own[format] ?? {}) as {
    kinds?: Record<string, string>;
    weight?: string;
  };
  const { [name]: _before, ...others } = kinds;
  const { values } = draft;
  if (own.weight === name) delete own.weight;
  if (role === 'weight') own.weight = name;
  if (values['labelColumn'] === name) delete values['labelColumn'];
  if (values['group'] === name) delete values['group'];
  const targets = targetColumns(draft).filter((one) => one !== name);
  if (role === 'target' && wantsSeveral(draft)) targets.push(name);
  else if (role === 'target') values['labelColumn'] = name;
  else if (role === 'group') values['group'] = name;
  if (targets.length > 0) values['labelColumns'] = targets;
  else delete values['labelColumns'];
  const isKind = role !== 'target' && role !== 'group' && role !== 'weight';
  draft.own[format] = { ...own, kinds: isKind ? { ...others, [name]: role } : others };
}

/** What the labels are. A target that was chosen before stays one, where one becomes several and back. */
export function withTarget(draft: ImportDraft, target: string): void {
  const { values } = draft;
  const single = values['labelColumn'];
  values['target'] = target;
  const targets = targetColumns(draft);
  if (wantsSeveral(draft) && typeof single === 'string') {
    values['labelColumns'] = [single, ...targets.filter((name) => name !== single)];
    delete values['labelColumn'];
  } else if (!wantsSeveral(draft) && targets.length > 0) {
    values['labelColumn'] = targets[0];
    delete values['labelColumns'];
  }
}

/** Whether several labels or numbers are to be learned at once. */
export const wantsSeveral = ({ values }: ImportDraft): boolean => isSeveral(values['target'] as Target);

const targetColumns = ({ values }: ImportDraft): string[] =>
  (values['labelColumns'] as string[] | undefined) ?? [];

/** The order of an ordered category: “small < medium < large”. */
export function withOrder(draft: ImportDraft, format: string, name: string, typed: string): void {
  const { orders = {}, ...own } = (draft.own[format] ?? {}) as { orders?: Record<string, string> };
  const { [name]: _before, ...others } = orders;
  draft.own[format] = { ...own, orders: typed.trim() === '' ? others : { ...others, [name]: typed.trim() } };
}

/** Kinds and the target as they were shown, so that they are what is carried out. */
export function shownTable({ tableColumns }: Inspection): {
  kinds: Record<string, string>;
  targets: string[];
} | null {
  if (tableColumns.length === 0) return null;
  const kinds: Record<string, string> = {};
  for (const column of tableColumns)
    if (column.use === 'feature' || column.use === 'left-out')
      kinds[column.name] = column.use === 'left-out' ? 'left-out' : column.kind;
  const targets = tableColumns.filter(({ use }) => use === 'target').map(({ name }) => name);
  return { kinds, targets };
}
