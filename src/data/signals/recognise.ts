/** Whether delimited text may hold recordings: from the heads of a few files. */
import { readHead } from '../delimited/head.ts';
import { spread, type Dialect } from '../delimited/dialect.ts';
import { factsOf, looksLikeLabels, type ColumnFacts } from '../delimited/facts.ts';
import { decideNumbers } from '../delimited/numbers.ts';
import type { Listing } from '../reading/listing.ts';
import { signalFiles } from './signal-plan.ts';

const ROWS_LOOKED_AT = 500;

/** Heads of a few files, evenly over the list; what cannot be read as text is left out. */
export async function headsOf(listing: Listing, most: number): Promise<Dialect[]> {
  const heads: Dialect[] = [];
  for (const file of spread(signalFiles(listing, null), most)) {
    const head = await readHead(file.absolute).catch(() => null);
    if (head?.dialect) heads.push(head.dialect);
  }
  return heads;
}

export function factsOfColumns({ rows, columnCount, evidence }: Dialect): ColumnFacts[] {
  const format = decideNumbers(evidence);
  return Array.from({ length: columnCount }, (_, column) =>
    factsOf([{ rows: rows.slice(0, ROWS_LOOKED_AT), laterRows: [] }], column, format),
  );
}

const isNumbers = (one: ColumnFacts): boolean =>
  one.numbers * (1 - one.missing) >= 0.8 || (one.numbers > 0.9 && one.cells > 8);

/** Three quarters of the columns hold numbers, times or a label that stays for long: no table of mixed facts. */
export function isMostlyNumbers(dialect: Dialect): boolean {
  if (dialect.rows.length < 2 || dialect.columnCount < 1) return false;
  const present = factsOfColumns(dialect).filter(({ missing }) => missing < 1);
  const numbers = present.filter(isNumbers);
  const others = present.filter((one) => !numbers.includes(one) && (one.times > 0.9 || looksLikeLabels(one)));
  return numbers.length > 0 && numbers.length + others.length >= present.length * 0.75;
}

/** Some column holds words that change from row to row. */
export const hasWords = (dialect: Dialect): boolean =>
  factsOfColumns(dialect).some(
    (one) => one.missing < 1 && !isNumbers(one) && one.times < 0.9 && !looksLikeLabels(one),
  );

/** So large a share of steps back is more than midnight, or a clock that was set. */
const FEW_STEPS_BACK = 0.1;

/** Some column holds times that go on from row to row: days of birth go back and forth, and are facts like others. */
export const hasTimes = (dialect: Dialect): boolean =>
  factsOfColumns(dialect).some(
    ({ times, steps }) =>
      times > 0.9 && steps.filter((step) => step < 0).length <= FEW_STEPS_BACK * steps.length,
  );
