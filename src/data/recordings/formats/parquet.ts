/** Parquet as recordings: a column a channel (wide), or a row a value (long). */
import type { ByteSource } from '../bytes.ts';
import { FileProblem } from '../../problem.ts';
import { oneStretch, type RecordedEvent, type Recording, type Track } from '../recording.ts';
import { looksLikeParquet, openParquetTable, type ParquetTable } from './parquet-table.ts';

export const TIME = /^(time|timestamps?|t|seconds?|sec|datetime|date)(_?(s|ms|us|ns))?$/i;
export const LABEL = /^(label|class|target|activity|event|marker|annotation|stage|gesture)s?$/i;
export const CHANNEL = /^(channel|sensor|variable|signal|electrode|series)(_?(name|id))?$/i;
export const VALUE = /^(value|reading|measurement|amplitude)s?$/i;
const ROWS_AT_ONCE = 65_536;

export async function openParquet(source: ByteSource): Promise<Recording> {
  if (source.size < 12 || !looksLikeParquet(await source.read(0, 4)))
    throw new FileProblem('wrong-magic', 'The file does not begin as Parquet does.');
  const table = await openParquetTable(source);
  if (table.rowCount === 0) throw new FileProblem('empty', 'The table holds no rows.');
  const named = (pattern: RegExp) => table.columns.find(({ name }) => pattern.test(name));
  const [channel, value] = [named(CHANNEL), named(VALUE)];
  const found =
    channel && value && value.kind === 'number'
      ? await longTrack(table, channel.name, value.name)
      : await wideTrack(table);
  return {
    format: 'Parquet',
    tracks: [found.track],
    events: found.events,
    subject: null,
    start: null,
    notes: found.notes,
    close: () => source.close(),
  };
}

const numberOf = (cell: unknown): number =>
  cell === null || cell === undefined ? NaN : cell instanceof Date ? cell.getTime() / 1000 : Number(cell);

interface Found {
  track: Track;
  events: RecordedEvent[];
  notes: string[];
}

async function wideTrack(table: ParquetTable): Promise<Found> {
  const time = table.columns.find(
    ({ name, kind }) => kind === 'time' || (kind === 'number' && TIME.test(name)),
  );
  const others = table.columns.filter((column) => column !== time);
  // Whatever else is written in words, a column that is called a label is the label.
  const label = others.find(({ name }) => LABEL.test(name)) ?? others.find(({ kind }) => kind === 'text');
  const channels = table.columns
    .filter((column) => column.kind === 'number' && column !== time && column !== label)
    .map(({ name }) => name);
  if (channels.length === 0) throw new FileProblem('empty', 'The table has no column of numbers.');
  const clock = time ? await paceOf(table, time.name, time.kind === 'time', 1) : null;
  const rate = clock?.rate ?? null;
  return {
    track: {
      rate,
      channels: channels.map((name) => ({ name, unit: null })),
      length: table.rowCount,
      stretches: oneStretch(table.rowCount),
      async read(from, to) {
        const columns = await table.columnsOfRows(from, to, channels);
        const width = channels.length;
        const values = new Float32Array((to - from) * width);
        for (const [column, cells] of columns.entries())
          for (let row = 0; row < to - from; row += 1) values[row * width + column] = numberOf(cells[row]);
        return values;
      },
    },
    events: label ? await runsOf(table, label.name, rate ?? 1) : [],
    notes: clock?.notes ?? [],
  };
}

/** The median step between times; ms, µs and ns are told by the name, of numbers without one seconds. */
async function paceOf(table: ParquetTable, name: string, isDate: boolean, every: number) {
  const rows = await table.rows(0, Math.min(table.rowCount, 2000 * every), [name]);
  const times = rows.filter((_, at) => at % every === 0).map((row) => numberOf(row[name]));
  const steps = times.slice(1).map((time, at) => time - times[at]!);
  const sorted = [...steps].sort((one, other) => one - other);
  const step = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const unit = isDate
    ? 1
    : ({ ms: 1e-3, us: 1e-6, ns: 1e-9 }[/_?(ms|us|ns)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 1);
  if (!(step > 0)) return { rate: null, notes: [`“${name}” does not grow, so it says no rate.`] };
  const uneven = steps.filter((one) => Math.abs(one - step) > step / 2).length;
  const exact = 1 / (step * unit);
  const rounded = Math.round(exact);
  return {
    rate: Math.abs(exact - rounded) < 1e-4 * exact ? rounded : exact,
    notes:
      uneven > 0 ? [`The times in “${name}” are uneven: ${uneven} steps of the first ${steps.length}.`] : [],
  };
}

async function runsOf(table: ParquetTable, name: string, rate: number): Promise<RecordedEvent[]> {
  const runs: { text: string; start: number }[] = [];
  for (let first = 0; first < table.rowCount; first += ROWS_AT_ONCE) {
    const rows = await table.rows(first, Math.min(table.rowCount, first + ROWS_AT_ONCE), [name]);
    for (const [at, row] of rows.entries()) {
      const cell = row[name];
      const text = cell === null || cell === undefined ? '' : String(cell);
      if (runs.at(-1)?.text !== text) runs.push({ text, start: first + at });
    }
  }
  return runs.flatMap(({ text, start }, at) => {
    const end = runs[at + 1]?.start ?? table.rowCount;
    return text === '' ? [] : [{ seconds: start / rate, duration: (end - start) / rate, name: text }];
  });
}

/** Rows of all channels at each time, or all of a channel's rows before those of the next. */
async function longTrack(table: ParquetTable, channel: string, value: string): Promise<Found> {
  const runs: { name: string; count: number }[] = [];
  for (let first = 0; first < table.rowCount; first += ROWS_AT_ONCE) {
    for (const row of await table.rows(first, Math.min(table.rowCount, first + ROWS_AT_ONCE), [channel])) {
      const name = String(row[channel]);
      const last = runs.at(-1);
      if (last?.name === name) last.count += 1;
      else runs.push({ name, count: 1 });
    }
    if (runs.length > ROWS_AT_ONCE) break;
  }
  const names = [...new Set(runs.map(({ name }) => name))];
  const width = names.length;
  const length = table.rowCount / width;
  const isBlocks = runs.length === width && runs.every(({ count }) => count === length);
  if (!isBlocks) await assertInterleaved(table, channel, names);
  const time = table.columns.find(
    ({ name, kind }) => kind === 'time' || (kind === 'number' && TIME.test(name)),
  );
  const clock = time ? await paceOf(table, time.name, time.kind === 'time', isBlocks ? 1 : width) : null;
  const read = async (from: number, to: number): Promise<Float32Array> => {
    const values = new Float32Array((to - from) * width);
    if (!isBlocks) {
      const rows = await table.rows(from * width, to * width, [value]);
      for (const [place, row] of rows.entries()) values[place] = numberOf(row[value]);
      return values;
    }
    for (let index = 0; index < width; index += 1) {
      const rows = await table.rows(index * length + from, index * length + to, [value]);
      for (const [at, row] of rows.entries()) values[at * width + index] = numberOf(row[value]);
    }
    return values;
  };
  return {
    track: {
      rate: clock?.rate ?? null,
      channels: names.map((name) => ({ name, unit: null })),
      length,
      stretches: oneStretch(length),
      read,
    },
    events: [],
    notes: clock?.notes ?? [],
  };
}

async function assertInterleaved(
  table: ParquetTable,
  channel: string,
  names: readonly string[],
): Promise<void> {
  const width = names.length;
  const uneven = () =>
    new FileProblem(
      'uneven',
      `The rows of “${channel}” come neither all channels at each time nor one channel after the other: sort the table by time and channel, each channel at every time.`,
    );
  if (table.rowCount % width !== 0) throw uneven();
  const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / width)) * width;
  for (let first = 0; first < table.rowCount; first += atOnce) {
    const rows = await table.rows(first, Math.min(table.rowCount, first + atOnce), [channel]);
    if (rows.some((row, at) => String(row[channel]) !== names[at % width])) throw uneven();
  }
}
