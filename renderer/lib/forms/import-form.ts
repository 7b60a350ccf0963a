/** From what was typed into the import form to the options of the contract, and guesses to start from. */
import { datasetNameSchema, importSchema, type ImportOptions } from '../../../src/contract/recipe/recipe.ts';
import type { FolderRole } from '../../../src/contract/data/folder-plan.ts';
import type { Inspection } from '../../../src/contract/messages/rpc.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import type { ImportDraft } from './drafts.ts';
import { shownColumns } from './columns.ts';
import { formatCounted } from '../words/format.ts';
import { humanize } from './schema.ts';

/** A dataset name that the contract takes, from the last part of a path. */
export function nameFromPath(path: string, taken: readonly string[]): string {
  const last = path.split(/[\\/]/).filter(Boolean).at(-1) ?? 'dataset';
  const stem = last.replace(/(\.(csv|tsv|txt|zip|gz|bin|idx\d?-ubyte))+$/i, '');
  const base =
    stem
      .replace(/[^\p{L}\p{N} ._-]+/gu, '-')
      .replace(/^[^\p{L}\p{N}]+/u, '')
      .slice(0, 60) || 'dataset';
  let name = base;
  for (let i = 2; taken.includes(name); i++) name = `${base}-${i}`;
  return name;
}

export function isSignalFormat(draft: ImportDraft): boolean {
  const format = draft.values.format;
  if (typeof format === 'string' && format !== 'auto') return format === 'delimited-signals';
  return draft.inspection?.format === 'delimited-signals';
}

/** Whether there is a table of labels whose columns matter. */
export function hasTable(draft: ImportDraft): boolean {
  return (
    typeof draft.values.labels === 'string' || draft.values.pathPattern !== undefined || isSignalFormat(draft)
  );
}

/** "0: rest" line by line, as an object. */
export function parseClassNames(text: string): Record<string, string> | undefined {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf(':');
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

/** What was typed, as the contract takes it; what was understood is not yet fixed. */
export function typedOptions(draft: ImportDraft) {
  return {
    ...draft.values,
    split: splitOf(draft),
    images: draft.images,
    signals: draft.signals,
    text: draft.text,
  };
}

/** What was shown and is therefore carried out: how the files are read, and what their folders mean. */
function shownOptions({ inspection, signals }: ImportDraft) {
  if (!inspection?.complete) return {};
  const columns = shownColumns(inspection);
  const { format, folders } = inspection;
  return {
    ...(format && { format }),
    ...(folders?.folders && folders.question === null && { folders: folders.folders }),
    ...(columns && { signals: { ...signals, columns } }),
  };
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
      message: `The name ${name.error.issues[0]?.message ?? 'is wrong'}.`,
    });
  for (const issue of options.error?.issues ?? [])
    failures.push({
      code: 'import.invalid',
      message: `${humanize(String(issue.path.at(-1) ?? 'options'))}: ${issue.message}.`,
    });
  return { valid: false, failures };
}

export const FORMAT_TITLES: Record<string, string> = {
  auto: 'Automatic',
  'image-folder': 'Folder of images',
  idx: 'IDX files (as MNIST)',
  cifar: 'CIFAR binary batches',
  'delimited-signals': 'Signals in text files (CSV)',
};

/** What was found, in a sentence. */
export function foundWords(inspection: Inspection): string {
  const format = inspection.format ? FORMAT_TITLES[inspection.format] : 'no known format';
  const classes = inspection.classes.length;
  const parts = [`${format}`];
  if (classes > 0)
    parts.push(
      inspection.format === 'delimited-signals'
        ? formatCounted(classes, 'folder')
        : formatCounted(classes, 'class', 'classes'),
    );
  const { splits, unlabeled } = inspection;
  if (splits)
    parts.push(`by folder ${splits.train} training, ${splits.validation} validation, ${splits.test} test`);
  if (unlabeled > 0) parts.push(`${formatCounted(unlabeled, 'file')} without a label`);
  return parts.join(' · ');
}
