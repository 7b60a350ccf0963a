/** From what was typed into the import form to the options of the contract, and guesses to start from. */
import type { ReaderDescription } from '../../../src/contract/catalogue.ts';
import {
  datasetNameSchema,
  heeds,
  importSchema,
  type ImportOptions,
  type SharedOption,
} from '../../../src/contract/recipe/recipe.ts';
import type { FolderRole } from '../../../src/contract/data/folder-plan.ts';
import type { Inspection } from '../../../src/contract/messages/rpc.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import type { ImportDraft } from './drafts.ts';
import { shownColumns } from './columns.ts';
import { shownTable, wantsSeveral } from './table-columns.ts';
import { formatCounted } from '../words/format.ts';
import { humanize } from '../../../src/contract/field-schema.ts';

/**
 * A dataset name that the contract takes, from the last part of a path.
 * @param extensions endings of files that say nothing, without the dot
 */
export function nameFromPath(path: string, taken: readonly string[], extensions: readonly string[]): string {
  let stem = path.split(/[\\/]/).filter(Boolean).at(-1) ?? 'dataset';
  for (let end = endOf(stem); extensions.includes(end); end = endOf(stem))
    stem = stem.slice(0, -end.length - 1);
  const base =
    stem
      .replace(/[^\p{L}\p{N} ._-]+/gu, '-')
      .replace(/^[^\p{L}\p{N}]+/u, '')
      .slice(0, 60) || 'dataset';
  return freeName(base, taken);
}

/** The name itself, or with the first number behind it that makes it one of its own. */
export function freeName(base: string, taken: readonly string[]): string {
  let name = base;
  for (let i = 2; taken.includes(name); i++) name = `${base.slice(0, 60)}-${i}`;
  return name;
}

const endOf = (name: string): string => /[^.]\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** Id of the format that was chosen, else of the one that was found. */
function formatOf({ values, inspection }: ImportDraft): string | null {
  const chosen = values.format;
  return typeof chosen === 'string' && chosen !== 'auto' ? chosen : (inspection?.format ?? null);
}

/** The format that was chosen, else the one that was found. */
export function readerOf(
  draft: ImportDraft,
  readers: readonly ReaderDescription[],
): ReaderDescription | undefined {
  const id = formatOf(draft);
  return readers.find((reader) => reader.id === id);
}

/** Of these options those that the format has a use for. */
export const heeded = (reader: ReaderDescription | undefined, options: readonly SharedOption[]): string[] =>
  options.filter((option) => heeds(reader?.heeds ?? [], option));

/** Names of the fields of a group, such as `signals`, that the format has a use for and that are shown nowhere else. */
export function groupFields(
  reader: ReaderDescription | undefined,
  group: 'images' | 'signals' | 'text',
  elsewhere: readonly string[] = [],
): string[] {
  return (reader?.heeds ?? []).flatMap((option) => {
    const [first, field] = option.split('.');
    return first === group && field !== undefined && !elsewhere.includes(field) ? [field] : [];
  });
}

/** Whether there is a table of labels whose columns matter. */
export const hasTable = ({ values }: ImportDraft): boolean =>
  typeof values.labels === 'string' || values.pathPattern !== undefined;

/** "0: rest" line by line, as an object. */
export function parseClassNames(text: string): Record<string, string> | undefined {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf(':');
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

/** The form as it was filled in for an earlier import, to change something and import again. */
export function draftOf(options: ImportOptions, name: string): ImportDraft {
  const { path, split, images, signals, text, options: own, ...values } = options;
  return {
    path,
    name,
    inspection: null,
    values: { ...values },
    images: { ...images },
    signals: { ...signals },
    text: { ...text },
    own: own ? { [options.format]: own } : {},
    split: split ? { ...split } : { by: 'default' },
  };
}

/** Class names as they are typed, one a line. */
export const classNameLines = (names: unknown): string =>
  Object.entries((names ?? {}) as Record<string, string>)
    .map(([value, name]) => `${value}: ${name}`)
    .join('\n');

/** What was typed, as the contract takes it; what was understood is not yet fixed. */
export function typedOptions(draft: ImportDraft) {
  const own = draft.own[formatOf(draft) ?? ''];
  return {
    ...draft.values,
    split: splitOf(draft),
    images: draft.images,
    signals: draft.signals,
    text: draft.text,
    ...(own && Object.keys(own).length > 0 && { options: own }),
  };
}

/** What was shown and is therefore carried out: how the files are read, and what their folders mean. */
function shownOptions(draft: ImportDraft) {
  const { inspection, signals, own } = draft;
  if (!inspection?.complete) return {};
  const columns = shownColumns(inspection);
  const table = shownTable(inspection);
  const { format, folders } = inspection;
  return {
    ...(format && { format }),
    ...(folders?.folders && folders.question === null && { folders: folders.folders }),
    ...(columns && { signals: { ...signals, columns } }),
    ...(table && { options: { ...own[format ?? ''], kinds: table.kinds } }),
    ...(table && targetOptions(draft, table.targets)),
  };
}

function targetOptions(draft: ImportDraft, targets: string[]) {
  if (wantsSeveral(draft)) return { labelColumns: targets };
  return targets[0] === undefined ? {} : { labelColumn: targets[0] };
}

/** What has to be answered before this can be imported. */
export const isUnclear = ({ inspection }: ImportDraft): boolean =>
  inspection?.doubts.some(({ blocking }) => blocking) ?? false;

const ONCE: readonly FolderRole[] = ['split', 'class', 'group'];

/** Roles of the levels with one of them changed: there is one level of each role. */
export function withRole(folders: string, level: number, role: FolderRole): string {
  return folders
    .split('/')
    .map((found, at) => (at === level ? role : ONCE.includes(role) && found === role ? 'ignored' : found))
    .join('/');
}

function splitOf(draft: ImportDraft): unknown {
  if (draft.split.by === 'default') return undefined;
  return Object.fromEntries(Object.entries(draft.split).filter(([, value]) => value !== undefined));
}

export type ImportReading =
  { valid: true; name: string; options: ImportOptions } | { valid: false; failures: Failure[] };

/** Reads the whole form; every wrong field is named. */
export function readImport(draft: ImportDraft): ImportReading {
  const name = datasetNameSchema.safeParse(draft.name.trim());
  const options = importSchema.safeParse({
    ...typedOptions(draft),
    ...shownOptions(draft),
    path: draft.path,
  });
  if (name.success && options.success) return { valid: true, name: name.data, options: options.data };
  const failures: Failure[] = [];
  if (!name.success)
    failures.push({
      code: 'import.invalid',
      message: `The name ${name.error.issues[0]?.message}`,
    });
  for (const issue of options.error?.issues ?? [])
    failures.push({
      code: 'import.invalid',
      message: `${humanize(String(issue.path.at(-1) ?? 'options'))} ${issue.message}`,
    });
  return { valid: false, failures };
}

/** What was found, in a sentence. */
export function foundWords(inspection: Inspection, readers: readonly ReaderDescription[]): string {
  const classes = inspection.classes.length;
  const parts = [readers.find(({ id }) => id === inspection.format)?.title ?? 'no known format'];
  if (classes > 0) parts.push(formatCounted(classes, 'class', 'classes'));
  const { splits, unlabeled, tableColumns } = inspection;
  if (splits)
    parts.push(`by folder ${splits.train} training, ${splits.validation} validation, ${splits.test} test`);
  if (unlabeled > 0)
    parts.push(`${formatCounted(unlabeled, tableColumns.length > 0 ? 'row' : 'file')} without a label`);
  return parts.join(' · ');
}
