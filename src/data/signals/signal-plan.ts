/** The files of an import of delimited signals, and the plan that they are read by: for the look and the import. */
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { spread } from '../delimited/dialect.ts';
import { readHead } from '../delimited/head.ts';
import { FileProblem } from '../problem.ts';
import { makePlan } from '../delimited/plan.ts';
import type { DelimitedPlan, NamedHead, PlanContext } from '../delimited/plan-types.ts';
import { planPreparation, type PreparationPlan } from './preparation/plan.ts';
import type { TextOptions } from './recorded/options.ts';
import { describeFileError, type IssueList } from '../reading/issues.ts';
import { ACCOMPANYING, type ListedFile, type Listing } from '../reading/listing.ts';
import { planPlaces, type PlacedFile, type Placing } from '../reading/placed.ts';

/** Endings of files that are taken for recordings by their names; `.gz` may stand behind them. */
export const SIGNAL_EXTENSIONS: readonly string[] = ['csv', 'tsv', 'txt', 'dat', 'asc', 'tab'];
const TEXT = new RegExp(`\\.(${SIGNAL_EXTENSIONS.join('|')})(\\.gz)?$`, 'i');
const LOOKED_AT = 16;
/** A head that has more is not the whole file. */
const ROWS_AT_ONCE = 1000;

export interface SignalPlan {
  placing: Placing;
  /** All that are recordings by their names. */
  named: ListedFile[];
  files: PlacedFile[];
  /** Null where no file could be read. */
  plan: DelimitedPlan | null;
  /** What is done to rows once they are stored. */
  prepared: PreparationPlan;
  /** Rows a second as they are stored; null where nothing says it. */
  rate: number | null;
  /** Rows of each file that was looked at; null for those that go on behind what was read of them. */
  rows: (number | null)[];
  /** Files looked at that cannot be read, with the reason. */
  unreadable: { path: string; reason: string; message: string }[];
}

/** Text files that may be recordings; others are listed as left out. */
export function signalFiles(listing: Listing, issues: IssueList | null): ListedFile[] {
  if (listing.isFile) return listing.files;
  return listing.files.filter((file) => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (ACCOMPANYING.test(name)) return false;
    if (TEXT.test(name)) return true;
    issues?.leaveOut(
      file.path,
      'not-text',
      'The name is none of a delimited text file (CSV, TSV, TXT, DAT; plain or .gz).',
    );
    return false;
  });
}

/** @throws PretextError for a label file, a path pattern, roles of folders or choices of columns that cannot be used */
export async function planSignals(
  listing: Listing,
  options: ImportOptions,
  { prepare }: Pick<TextOptions, 'prepare'>,
  issues: IssueList,
): Promise<SignalPlan> {
  const named = signalFiles(listing, issues);
  const placing = await planPlaces(listing, named, options, issues);
  const files = named.flatMap((file) => (placing.isLabelFile(file) ? [] : (placing.placeOf(file) ?? [])));
  const context: PlanContext = {
    filesHaveLabels: placing.filesGiveLabels,
    foldersHaveLabels: new Set(files.map(({ place }) => place.className)).size > 1,
  };
  const { heads, unreadable } = await readHeads(
    files.map(({ file }) => file),
    options,
  );
  const found = heads.length > 0 ? makePlan(heads, options, context) : null;
  const rate = options.signals.resampleTo ?? found?.samplingRate ?? null;
  const { doubts, ...prepared } = planPreparation(found?.channels ?? [], rate, prepare);
  return {
    placing,
    named,
    files,
    unreadable,
    prepared,
    rate,
    plan: found && { ...found, doubts: [...found.doubts, ...doubts] },
    rows: heads.map(({ dialect: { rows, laterRows } }) =>
      laterRows.length > 0 || rows.length >= ROWS_AT_ONCE ? null : rows.length,
    ),
  };
}

/** Of some files evenly over all; of all where none of those can be read. */
async function readHeads(
  files: readonly ListedFile[],
  options: ImportOptions,
): Promise<{ heads: NamedHead[]; unreadable: SignalPlan['unreadable'] }> {
  const heads: NamedHead[] = [];
  const unreadable: SignalPlan['unreadable'] = [];
  const look = async (file: ListedFile) => {
    try {
      const { encoding, dialect } = await readHead(file.absolute, options.text);
      if (dialect && dialect.rows.length > 0) heads.push({ path: file.path, encoding, dialect });
      else unreadable.push({ path: file.path, reason: 'empty', message: 'The file holds no rows.' });
    } catch (error) {
      unreadable.push({ path: file.path, ...reasonOf(error, file.path) });
    }
  };
  const first = spread(files, LOOKED_AT);
  for (const file of first) await look(file);
  if (heads.length > 0) return { heads, unreadable };
  for (const file of files) {
    if (!first.includes(file)) await look(file);
    if (heads.length > 0) break;
  }
  return { heads, unreadable };
}

function reasonOf(error: unknown, path: string): { reason: string; message: string } {
  if (error instanceof FileProblem) return { reason: error.reason, message: error.message };
  if ((error as NodeJS.ErrnoException | null)?.code !== undefined) return describeFileError(error, path);
  throw error;
}
