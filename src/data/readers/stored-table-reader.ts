/** A reader of tables in files whose cells have types: all that differs between formats is how a file is opened. */
import { basename } from 'node:path';
import type { z } from 'zod';
import { PretextError } from '../../contract/errors.ts';
import type { SharedOption } from '../../contract/data/import.ts';
import type { ImportOptions } from '../../contract/index.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import { FileProblem } from '../problem.ts';
import { describeFileError, nothingLeft, type IssueList } from '../reading/issues.ts';
import { firstBytes } from '../reading/first-bytes.ts';
import { ACCOMPANYING, type ListedFile, type Listing } from '../reading/listing.ts';
import { defineReader, type Reader } from '../reading/types.ts';
import { inspectTables } from '../tables/inspect.ts';
import { type TableOptions } from '../tables/options.ts';
import { readTables } from '../tables/read.ts';
import { cellForm } from '../tables/source.ts';
import type { StoredTable } from '../tables/stored/stored.ts';

export interface StoredTableReader<Own extends TableOptions> {
  id: string;
  title: string;
  summary: string;
  extensions: readonly string[];
  /** Options that it heeds beside those of all tables. */
  heeds?: readonly SharedOption[];
  options: z.ZodType<Own>;
  /** Whether a file of such a name begins as it should. */
  looksLike(head: Uint8Array): boolean;
  /** What begins so is of this format, whatever its name. */
  isUnmistakable?: boolean;
  /** How sure it is of a file that begins as it should. */
  certainty?(absolute: string): Promise<number>;
  /** Whether the rows of a file may as well follow each other in time; the reader that would take them so. */
  orSignals?: { reader: string; of(absolute: string): Promise<boolean> };
  /** @throws FileProblem, or what the system says of the file */
  open(file: ListedFile, own: Own, options: ImportOptions): Promise<StoredTable>;
}

const LOOKED_AT = 3;
const HEAD_BYTES = 64;
/** How numbers stand in texts of such files. */
const PLAIN = { decimal: '.', thousands: '' } as const;

export function storedTableReader<Own extends TableOptions>(format: StoredTableReader<Own>): Reader {
  const { id, title, summary, extensions, options } = format;
  const isNamed = (path: string) => extensions.some((end) => path.toLowerCase().endsWith(`.${end}`));
  return defineReader<z.ZodType<Own>>({
    id,
    title,
    summary,
    modalities: ['table'],
    extensions,
    filesAtOnce: 16,
    heeds: ['labelColumn', 'target', 'group', ...(format.heeds ?? [])],
    options,
    async recognise(listing) {
      const named = listing.isFile ? listing.files : listing.files.filter(({ path }) => isNamed(path));
      const [first] = named;
      if (!first || !format.looksLike(await firstBytes(first.absolute, HEAD_BYTES))) return 0;
      if (!isNamed(first.path) && !format.isUnmistakable) return 0;
      // What is broken is told by whoever reads it.
      return (await format.certainty?.(first.absolute).catch(() => 0.5)) ?? 1;
    },
    async inspect(listing, shared, own) {
      const { tables, unreadable } = await openAll(format, filesOf(listing, isNamed, null), own, shared);
      const problems = unreadable.slice(0, LOOKED_AT).map(({ path, message }) => `“${path}”: ${message}`);
      if (tables.length === 0) return { classes: [], notes: problems };
      const form = cellForm(PLAIN, own);
      const found = await inspectTables(tables, shared, own, form, listing.path);
      return {
        ...found,
        doubts: [
          ...(await orSignals(format, listing, shared)),
          ...tables.flatMap(({ doubts }) => doubts),
          ...(found.doubts ?? []),
        ],
        notes: [
          ...found.notes,
          ...tables.flatMap(({ notes }) => notes.map(({ message }) => message)),
          ...problems,
        ],
      };
    },
    async read(request) {
      const { listing, options: shared, own, issues, form: wanted } = request;
      const files = filesOf(listing, isNamed, issues);
      const { tables, unreadable } = await openAll(format, files, own, shared);
      for (const { path, reason, message } of unreadable) issues.leaveOut(path, reason, message);
      if (tables.length === 0) throw nothingLeft(listing.path, 'tables', issues.all);
      const doubts = [
        ...(wanted ? [] : await orSignals(format, listing, shared)),
        ...tables.flatMap((table) => table.doubts),
      ];
      for (const { code, message, remedy, blocking } of doubts) {
        if (blocking) throw new PretextError({ code, message, place: listing.path, remedy });
        issues.note(basename(listing.path), code.replace(/^.*\./, ''), message);
      }
      for (const { path, notes } of tables)
        for (const { reason, message } of notes) issues.note(path, reason, message);
      return readTables(request, tables, cellForm(PLAIN, own));
    },
  });
}

/** Files of the format by their names; what belongs to none of them is listed as left out. */
function filesOf(
  listing: Listing,
  isNamed: (path: string) => boolean,
  issues: IssueList | null,
): ListedFile[] {
  if (listing.isFile) return listing.files;
  return listing.files.filter(({ path }) => {
    if (isNamed(path)) return true;
    if (!ACCOMPANYING.test(basename(path)))
      issues?.leaveOut(path, 'other-format', 'The name is none of this format.');
    return false;
  });
}

async function openAll<Own extends TableOptions>(
  format: StoredTableReader<Own>,
  files: readonly ListedFile[],
  own: Own,
  options: ImportOptions,
) {
  const tables: StoredTable[] = [];
  const unreadable: { path: string; reason: string; message: string }[] = [];
  for (const file of files) {
    try {
      tables.push(await format.open(file, own, options));
    } catch (error) {
      const { reason, message } =
        error instanceof FileProblem ? error : describeFileError(error, file.absolute);
      unreadable.push({ path: file.path, reason, message });
    }
  }
  return { tables, unreadable };
}

async function orSignals<Own extends TableOptions>(
  { id, orSignals: other }: StoredTableReader<Own>,
  listing: Listing,
  { format }: ImportOptions,
): Promise<Doubt[]> {
  const [first] = listing.files;
  if (format !== 'auto' || !other || !first || !(await other.of(first.absolute).catch(() => false)))
    return [];
  return [
    {
      code: 'table.or-signals',
      message: 'The columns hold numbers: each row may be a sample of its own, or a moment of a recording.',
      remedy: `Choose the format: “${id}” for rows of their own, “${other.reader}” for a recording.`,
      blocking: true,
    },
  ];
}
