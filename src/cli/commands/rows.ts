/** `data rows`: the rows of a table dataset, sorted and filtered as the window's grid does it. */
import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { csvLine } from '../../contract/csv.ts';
import { isCategory, type StoredColumn } from '../../contract/data/columns.ts';
import type { RowsWish, TableRow } from '../../contract/data/table-rows.ts';
import { splitNameSchema, type Dataset, type SplitName } from '../../contract/entities.ts';
import type { Client } from '../../client/service.ts';
import { writeWhole } from '../../machine/whole-file.ts';
import { printJson, printLine, say, UsageError, type Environment } from '../environment.ts';
import { rowFilters } from '../flags/row-filters.ts';
import { wholeNumber } from '../flags/whole-number.ts';
import { datasetNamed } from '../session/datasets.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { plural, table } from '../words/text.ts';

type Options = ProjectOption & {
  split?: SplitName;
  sort?: string;
  descending?: boolean;
  where: string[];
  offset?: number;
  limit?: number;
  output?: string;
  overwrite?: boolean;
  json?: boolean;
};

const PAGE = 500;
const SHOWN = 20;

export function addRows(data: Command, environment: Environment): void {
  data
    .command('rows <name>')
    .description('list rows of a table, sorted and filtered')
    .addOption(new Option('--split <split>', 'only rows of this split').choices(splitNameSchema.options))
    .option('--sort <column>', 'by the values of a column; rows in which it is not known come last')
    .option('--descending', 'the greatest first')
    .option(
      '--where <condition...>',
      'only rows that fit all of these: "age >= 30", "age <= 50", "job = nurse, cook", "age missing"',
      (text: string, before: string[]) => [...before, text],
      [] as string[],
    )
    .option('--offset <count>', 'leave out so many at the beginning', wholeNumber)
    .option('--limit <count>', `at most so many; default: ${SHOWN} in the table, else all`, wholeNumber)
    .option('--output <file>', 'write them as CSV')
    .option('--overwrite', 'write over a file that is there')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action((name: string, options: Options) => listRows(environment, name, options));
}

async function listRows(environment: Environment, name: string, options: Options): Promise<void> {
  if (options.descending && options.sort === undefined)
    throw new UsageError('--descending turns an order around, and there is none: name a column by --sort.');
  const folder = projectFolder(environment, options);
  await withService(environment, { folder }, async (client) => {
    const dataset = await datasetNamed(client, name);
    const wish = wishOf(dataset, options);
    const isWhole = options.json || options.output !== undefined;
    const asked = { first: options.offset ?? 0, most: options.limit ?? (isWhole ? Infinity : SHOWN) };
    const columns = dataset.columns ?? [];
    const names = columns.map((column) => column.name);
    if (options.output !== undefined) {
      const file = resolve(environment.folder, options.output);
      let count = 0;
      const lines = async function* () {
        yield csvLine(['row', 'split', 'label', ...names]);
        for await (const { rows } of pagesOf(client, wish, asked)) {
          count += rows.length;
          yield rows.map((row) => csvLine(cellsOf(plainRow(row, columns)))).join('');
        }
      };
      await writeWhole(file, lines(), options.overwrite === true);
      say(environment, `${plural(count, 'row')} written to ${file}`);
      return;
    }
    const rows: TableRow[] = [];
    let total = 0;
    for await (const page of pagesOf(client, wish, asked)) {
      rows.push(...page.rows);
      ({ total } = page);
    }
    if (options.json) {
      const all = rows
        .map((row) => plainRow(row, columns))
        .map(({ sample, cells }) => ({
          row: sample.source,
          split: sample.split,
          label: sample.label,
          cells,
        }));
      return printJson(environment, { project: folder, dataset: name, total, columns: names, rows: all });
    }
    const text = rows.map((row) => cellsOf(row).map((cell) => cell ?? ''));
    printLine(
      environment,
      [
        table(['row', 'split', 'label', ...names], text),
        '',
        `${rows.length} of ${plural(total, 'row')}`,
      ].join('\n'),
    );
  });
}

/** @throws UsageError for a condition that cannot be read, or that a column cannot meet */
function wishOf(dataset: Dataset, { split, sort, descending, where }: Options): RowsWish {
  return {
    datasetId: dataset.id,
    ...(split && { split }),
    ...(sort !== undefined && { sort: { column: sort, descending: descending === true } }),
    filters: rowFilters(where, dataset.columns ?? []),
  };
}

/** One page at least, also of no rows, so that what is odd about the wish is told, and how many rows there are. */
export async function* pagesOf(
  client: { dataset: Pick<Client['dataset'], 'rows'> },
  wish: RowsWish,
  { first, most }: { first: number; most: number },
) {
  let taken = 0;
  do {
    const limit = Math.max(1, Math.min(PAGE, most - taken));
    const page = await client.dataset.rows({ ...wish, offset: first + taken, limit });
    const rows = page.rows.slice(0, most - taken);
    taken += rows.length;
    yield { ...page, rows };
    if (rows.length < limit) return;
  } while (taken < most);
}

/** Numbers without their unit and the commas that group digits, as other programs read them. */
export function plainRow({ sample, cells }: TableRow, columns: readonly StoredColumn[]): TableRow {
  const bare = (cell: string | null, at: number) => {
    const column = columns[at]!;
    if (cell === null || isCategory(column)) return cell;
    const unit = 'unit' in column && column.unit !== undefined ? ` ${column.unit}` : '';
    return (unit !== '' && cell.endsWith(unit) ? cell.slice(0, -unit.length) : cell).replaceAll(',', '');
  };
  return { sample, cells: cells.map(bare) };
}

const cellsOf = ({ sample, cells }: TableRow) => [sample.source, sample.split, sample.label, ...cells];
