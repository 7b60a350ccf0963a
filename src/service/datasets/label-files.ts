/**
 * Lists of labels as CSV, out of a dataset and into it.
 *
 * Both are streamed. Rows that come in wait in a table of their own beside the database until all are known, so that
 * memory does not grow with the file; a bad row is told with its place, and the others count.
 */
import { csvLine } from '../../contract/csv.ts';
import { circumstanceOf } from '../../contract/circumstances.ts';
import type { LabelFileReport } from '../../contract/data/labels.ts';
import type { Sample } from '../../contract/entities.ts';
import { isSeveral } from '../../contract/data/target.ts';
import { PretextError } from '../../contract/errors.ts';
import { isMissing, isNumber } from '../../data/delimited/numbers.ts';
import { openTable, type Table } from '../../data/delimited/records.ts';
import { FileProblem } from '../../data/problem.ts';
import { writeWhole } from '../../machine/whole-file.ts';
import {
  changeLabels,
  getDataset,
  labeledSamples,
  readingOf,
  readSampleRange,
  type LabelChange,
  type ReadableProject,
  type StoredDataset,
  type WritableProject,
} from '../../project/index.ts';

const COLUMNS = ['sample', 'source', 'split', 'group', 'label', 'imported_label', 'left_out'] as const;
const NAMES = {
  sample: ['sample', 'index', 'position'],
  source: ['source', 'file', 'filename', 'file name', 'file_name', 'path'],
  label: ['label', 'class', 'target'],
  leftOut: ['left_out', 'left out'],
} as const;
const CHUNK = 5000;
const MOST_LISTED = 100;
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Writes all samples with their labels; the file appears whole or not at all. Returns how many. */
export async function exportLabels(
  project: ReadableProject,
  datasetId: string,
  file: string,
  overwrite: boolean,
): Promise<number> {
  const { key, dataset, labelVersion } = getDataset(project, datasetId);
  const names = dataset.classes.map(({ name }) => name);
  function* lines() {
    yield csvLine(COLUMNS);
    for (let first = 0; first < dataset.sampleCount; first += CHUNK)
      yield readSampleRange(project, key, first, CHUNK, names, labelVersion).map(lineOf).join('');
  }
  await writeWhole(file, lines(), overwrite);
  return dataset.sampleCount;
}

const lineOf = ({ index, source, split, group, label, importedLabel, leftOutOf }: Sample) =>
  csvLine([
    index,
    source,
    leftOutOf ?? split,
    group,
    label,
    importedLabel === undefined ? label : importedLabel,
    leftOutOf ? 1 : 0,
  ]);

export interface ImportWish {
  file: string;
  /** Test samples may change. */
  tests: boolean;
  /** A row without a label takes the sample's away; otherwise it leaves it. */
  emptyRemoves: boolean;
}

/**
 * Takes the labels of a file. Rows name a sample by its number, its source or both.
 *
 * Throws a PretextError, and changes nothing, for a file that is no such list (`labels.unreadable`, `labels.no-column`),
 * and where test samples would change unasked (`labels.test`).
 */
export async function importLabels(
  project: WritableProject,
  datasetId: string,
  { file, tests, emptyRemoves }: ImportWish,
): Promise<LabelFileReport> {
  const stored = getDataset(project, datasetId);
  const table = await openLabels(file);
  const columns = columnsOf(table.header, file);
  const report: Pick<LabelFileReport, 'rows' | 'bad' | 'badCount' | 'blank'> = {
    rows: 0,
    bad: [],
    badCount: 0,
    blank: 0,
  };
  const refuse = (row: number, message: string) => {
    report.badCount += 1;
    if (report.bad.length < MOST_LISTED) report.bad.push({ row, message });
  };
  const waiting = waitingRows(project);
  try {
    const read = readerOf(stored, columns, refuse);
    for await (const block of table.rows((row) => refuse(row, 'It has a quote that is never closed.'))) {
      const rows = block.flatMap(({ line, cells }) => {
        if (cells.every((cell) => cell === '')) return [];
        report.rows += 1;
        return read(line, cells) ?? [];
      });
      waiting.add(rows);
    }
    await findBySource(project, stored, waiting, refuse);
    await keepChanges(project, stored, waiting, { refuse, emptyRemoves, report });
    const changed = await changeLabels(project, datasetId, changesOf(project, waiting), {
      madeBy: 'file',
      tests,
    });
    return { ...changed, ...report };
  } finally {
    waiting.drop();
  }
}

interface WaitingRow {
  line: number;
  position: number | null;
  source: string | null;
  /** Null where the cell says nothing. */
  label: string | null;
  leftOut: 0 | 1 | null;
}

type Refuse = (row: number, message: string) => void;

/** Rows of a file, in a temporary table that only this connection sees. */
function waitingRows({ connection }: WritableProject) {
  const name = `temp.waiting_${Date.now().toString(36)}_${Math.floor(performance.now())}`;
  const table = name.slice('temp.'.length);
  connection.exec(
    // With their indices at once: to make those of a million rows later would hold everybody up.
    `CREATE TEMP TABLE ${table} (line INTEGER PRIMARY KEY, position INTEGER, source TEXT, label TEXT, left_out INTEGER, matches INTEGER NOT NULL DEFAULT 0, changes INTEGER NOT NULL DEFAULT 0, keeps_label INTEGER NOT NULL DEFAULT 0, by_source INTEGER NOT NULL);
     CREATE INDEX temp.${table}_by_position ON ${table} (position, line);
     CREATE INDEX temp.${table}_by_source ON ${table} (source) WHERE by_source = 1;`,
  );
  const insert = connection.prepare(
    `INSERT OR REPLACE INTO ${name} (line, position, source, label, left_out, by_source) VALUES (@line, @position, @source, @label, @leftOut, @position IS NULL)`,
  );
  return {
    name,
    add: connection.transaction((rows: readonly WaitingRow[]) => {
      for (const row of rows) insert.run(row);
    }),
    drop: () => connection.exec(`DROP TABLE IF EXISTS ${name}`),
  };
}

type Waiting = ReturnType<typeof waitingRows>;

/** What a row says, or null where it is refused. */
function readerOf({ dataset }: StoredDataset, columns: Columns, refuse: Refuse) {
  const classes = new Set(dataset.classes.map(({ name }) => name));
  return (line: number, cells: readonly string[]): WaitingRow | null => {
    const cell = (column: number | null) => (column === null ? '' : (cells[column] ?? ''));
    const number = cell(columns.sample);
    const source = cell(columns.source);
    if (number === '' && source === '') return (refuse(line, 'It names no sample.'), null);
    if (number !== '' && !/^\d+$/.test(number))
      return (refuse(line, `“${number}” is no number of a sample.`), null);
    if (Number(number) >= dataset.sampleCount)
      return (
        refuse(line, `There is no sample ${number}: they are numbered from 0 to ${dataset.sampleCount - 1}.`),
        null
      );
    const label = cell(columns.label);
    if (label !== '' && isSeveral(dataset.target))
      return (
        refuse(line, 'It would change one of several labels: change them in the file that was imported.'),
        null
      );
    const isBlank = label === '' || (isMissing(label) && !classes.has(label));
    if (!isBlank && dataset.target === 'number' && !isNumber(label))
      return (refuse(line, `“${label}” is not a number; decimals are written with a point.`), null);
    const out = cell(columns.leftOut).toLowerCase();
    if (!['', '0', 'no', 'false', '1', 'yes', 'true'].includes(out))
      return (refuse(line, `“${out}” does not say whether it is left out: write 1 or 0.`), null);
    return {
      line,
      position: number === '' ? null : Number(number),
      source: source === '' ? null : source,
      label: isBlank ? null : label,
      leftOut: out === '' ? null : ['1', 'yes', 'true'].includes(out) ? 1 : 0,
    };
  };
}

/** Walks the samples once, and gives rows that name a source alone the place of their sample. */
async function findBySource(
  project: WritableProject,
  { key, dataset }: StoredDataset,
  { name }: Waiting,
  refuse: Refuse,
): Promise<void> {
  const open = `${name} WHERE by_source = 1`;
  if (project.prepare(`SELECT 1 FROM ${open} LIMIT 1`).get() === undefined) return;
  const take = project.connection.prepare(
    `UPDATE ${name} SET matches = matches + 1, position = iif(matches = 0, @position, position)
     WHERE source = @source AND by_source = 1`,
  );
  const sources = project
    .prepare(
      'SELECT position, source FROM samples WHERE dataset_key = ? AND position >= ? AND position < ? ORDER BY position',
    )
    .raw();
  const takeAll = project.connection.transaction((rows: readonly [number, string][]) => {
    for (const [position, source] of rows) take.run({ position, source });
  });
  for (let first = 0; first < dataset.sampleCount; first += CHUNK) {
    takeAll(sources.all(key, first, first + CHUNK) as [number, string][]);
    await pause();
  }
  const lost = `${open} AND (position IS NULL OR matches > 1)`;
  const some = project.prepare(`SELECT line, source, matches FROM ${lost} ORDER BY line LIMIT ${CHUNK}`);
  const drop = project.connection.prepare(`DELETE FROM ${lost} AND line <= ?`);
  for (;;) {
    const rows = some.all() as { line: number; source: string; matches: number }[];
    if (rows.length === 0) return;
    for (const { line, source, matches } of rows)
      refuse(
        line,
        matches > 1
          ? `“${source}” holds ${matches} samples: say which by a column “sample” with their numbers.`
          : `No sample is from “${source}”.`,
      );
    drop.run(rows.at(-1)!.line);
    await pause();
  }
}

type Joined = WaitingRow & {
  position: number;
  /** Of the sample as it is. */
  found: string;
  classId: number;
  number: number | null;
  isOut: 0 | 1;
  /** The first row that names the same sample. */
  earlier: number | null;
};

/**
 * Leaves those rows that change something. Rows that contradict the dataset or others are refused. All of it in
 * stretches, so that the service stays answering.
 */
async function keepChanges(
  project: WritableProject,
  { key, dataset }: StoredDataset,
  { name }: Waiting,
  context: { refuse: Refuse; emptyRemoves: boolean; report: Pick<LabelFileReport, 'blank'> },
): Promise<void> {
  const { refuse, emptyRemoves, report } = context;
  const classIds = new Map(dataset.classes.map((one, id) => [one.name, id]));
  // CROSS JOIN: row by row of the file, each with its one sample.
  const some = project.prepare(
    `SELECT w.line, w.position, w.source, w.label, w.left_out AS leftOut, s.source AS found,
            s.class_id AS classId, s.number, s.left_out AS isOut,
            (SELECT min(line) FROM ${name} AS o WHERE o.position = w.position) AS earlier
     FROM ${name} AS w CROSS JOIN ${labeledSamples(readingOf(project, key))} AS s ON s.dataset_key = @key AND s.position = w.position
     WHERE w.line > @after ORDER BY w.line LIMIT ${CHUNK}`,
  );
  const keep = project.connection.prepare(
    `UPDATE ${name} SET changes = 1, keeps_label = @keeps WHERE line = @line`,
  );
  const keepAll = project.connection.transaction((rows: readonly Joined[]) => {
    for (const { line, label } of rows) keep.run({ line, keeps: label === null && !emptyRemoves ? 1 : 0 });
  });
  const differs = ({ label, leftOut, classId, number, isOut }: Joined): boolean => {
    if (leftOut !== null && leftOut !== isOut) return true;
    if (label === null) return emptyRemoves && (classId >= 0 || number !== null);
    // A name that is no class yet is another than any, none included.
    return dataset.target === 'number' ? Number(label) !== number : classIds.get(label) !== classId;
  };
  for (let after = 0; ;) {
    const rows = some.all({ key, after }) as Joined[];
    if (rows.length === 0) return;
    const changing = rows.filter((row) => {
      const problem = problemOf(row);
      if (problem !== null) return (refuse(row.line, problem), false);
      if (row.label === null) report.blank += 1;
      return differs(row);
    });
    keepAll(changing);
    after = rows.at(-1)!.line;
    await pause();
  }
}

function problemOf({ line, position, source, found, earlier }: Joined): string | null {
  if (source !== null && source !== found) return `Sample ${position} is “${found}”, not “${source}”.`;
  if (earlier !== null && earlier < line)
    return `It names sample ${position} again, as row ${earlier} does: row ${earlier} counts.`;
  return null;
}

/** The changes in the order of the rows, a stretch at a time. */
function* changesOf(project: ReadableProject, { name }: Waiting): Generator<LabelChange> {
  const some = project.prepare(
    `SELECT line, position, label, left_out AS leftOut, keeps_label AS keepsLabel FROM ${name}
     WHERE changes = 1 AND line > ? ORDER BY line LIMIT ${CHUNK}`,
  );
  type Kept = WaitingRow & { position: number; keepsLabel: 0 | 1 };
  for (let after = 0; ;) {
    const rows = some.all(after) as Kept[];
    if (rows.length === 0) return;
    for (const { position, label, leftOut, keepsLabel } of rows)
      yield {
        position,
        ...(keepsLabel === 0 && { label }),
        ...(leftOut !== null && { leftOut: leftOut === 1 }),
      };
    after = rows.at(-1)!.line;
  }
}

interface Columns {
  sample: number | null;
  source: number | null;
  label: number | null;
  leftOut: number | null;
}

function columnsOf(header: readonly string[], file: string): Columns {
  const titles = header.map((title) => title.trim().toLowerCase());
  const place = (names: readonly string[]) => {
    const found = titles.findIndex((title) => names.includes(title));
    return found === -1 ? null : found;
  };
  const columns = {
    sample: place(NAMES.sample),
    source: place(NAMES.source),
    label: place(NAMES.label),
    leftOut: place(NAMES.leftOut),
  };
  const missing =
    columns.sample === null && columns.source === null
      ? 'which sample a row is about (“sample” or “source”)'
      : columns.label === null && columns.leftOut === null
        ? 'what is said of it (“label” or “left_out”)'
        : null;
  if (missing !== null)
    throw new PretextError({
      code: 'labels.no-column',
      message: `No column says ${missing}. Found: ${header.map((title) => `“${title}”`).join(', ')}.`,
      place: `${file}, line 1`,
      remedy:
        'Write the names of the columns into the first line. A list written by the program shows them all.',
    });
  return columns;
}

async function openLabels(file: string): Promise<Table> {
  try {
    const table = await openTable(file);
    if (table) return table;
  } catch (error) {
    const circumstance = circumstanceOf(error, file);
    if (circumstance) throw new PretextError(circumstance);
    const isMissingFile = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!(error instanceof FileProblem) && !isMissingFile) throw error;
    throw new PretextError({
      code: 'labels.unreadable',
      message: isMissingFile ? 'The list of labels is not there.' : (error as Error).message,
      place: file,
      remedy: 'Choose a text file (CSV, TSV) whose first line holds the names of the columns.',
    });
  }
  throw new PretextError({
    code: 'labels.unreadable',
    message: 'The list of labels holds no row.',
    place: file,
    remedy: 'Choose a text file (CSV, TSV) whose first line holds the names of the columns.',
  });
}
