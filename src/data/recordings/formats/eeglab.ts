/** EEGLAB's .set: a MATLAB file that describes a recording; samples in it, or beside it in a .fdt. */
import { basename, dirname, join } from 'node:path';
import { openBytes, type ByteSource } from '../bytes.ts';
import { allNumbers, textValue } from './mat.ts';
import { openMat5, type MatFile, type MatValue } from './mat5.ts';
import { FileProblem } from '../../problem.ts';
import { broken } from '../problem.ts';
import { byTime, type Recording, type Stretch } from '../recording.ts';
import { readArrayRows, stridesOf, type Axis, type NumberArray } from '../strided.ts';

type Fields = Map<string, MatValue>;

/** Where rows were cut out. */
const BOUNDARY = 'boundary';
const AXES: readonly Axis[] = ['channel', 'time', 'trial'];

/** @param path of the `.set` */
export async function openEeglab(path: string): Promise<Recording> {
  const opened: ByteSource[] = [];
  const source = await openBytes(path);
  const file = await openMat5(source).catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  const close = async () => {
    for (const source of opened) await source.close();
    await file.close();
  };
  try {
    const fields = await fieldsOf(file);
    const [channels, steps, trials, rate] = [
      await numberOf(fields, 'nbchan'),
      await numberOf(fields, 'pnts'),
      (await numberOf(fields, 'trials', 1)) || 1,
      await numberOf(fields, 'srate'),
    ];
    for (const [name, value] of Object.entries({ nbchan: channels, pnts: steps, trials }))
      if (!Number.isSafeInteger(value) || value < 1) throw broken(`The recording’s ${name} is ${value}.`);
    if (!(rate > 0)) throw broken(`The recording’s srate is ${rate}.`);
    const array = await dataOf(path, fields, [channels, steps, trials], opened);
    const begin = await numberOf(fields, 'xmin', 0);
    const events = await eventsOf(fields);
    const length = steps * trials;
    return {
      format: 'EEGLAB',
      tracks: [
        {
          rate,
          channels: (await channelNames(fields, channels)).map((name) => ({ name, unit: 'µV' })),
          length,
          stretches: trials > 1 ? epochs(events, steps, trials, rate, begin) : pieces(events, length, rate),
          read: (from, to) => readArrayRows(array, AXES, from, to),
        },
      ],
      events: byTime(
        events
          .filter(({ name }) => name !== BOUNDARY)
          .map(({ row, rows, name }) => ({ seconds: row / rate, duration: rows / rate, name })),
      ).filter(({ seconds }) => seconds >= 0 && seconds <= length / rate),
      subject: (await textIn(fields, 'subject')) || null,
      start: null,
      notes: [],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Either one structure `EEG`, or its fields as variables. */
async function fieldsOf({ variables }: MatFile): Promise<Fields> {
  const whole = variables.find(({ name }) => name === 'EEG');
  if (whole) {
    const value = await whole.load();
    const [first] = value.kind === 'struct' ? value.elements : [];
    if (first) return first;
  }
  const fields: Fields = new Map();
  for (const { name, load } of variables) fields.set(name, await load());
  if (!fields.has('srate') || !fields.has('data'))
    throw new FileProblem('wrong-magic', 'The file holds no recording of EEGLAB (EEG, with srate and data).');
  return fields;
}

async function numberOf(fields: Fields, name: string, otherwise = NaN): Promise<number> {
  const value = fields.get(name);
  if (value?.kind !== 'numbers' || value.array.dims.includes(0)) return otherwise;
  return (await allNumbers(value.array))[0] ?? otherwise;
}

async function textIn(fields: Fields, name: string): Promise<string> {
  const value = fields.get(name);
  if (value?.kind === 'text') return (await textValue(value.codes)).trim();
  if (value?.kind !== 'numbers' || value.array.dims.includes(0)) return '';
  return String((await allNumbers(value.array))[0] ?? '');
}

/** @param dims channels, points, trials */
async function dataOf(
  path: string,
  fields: Fields,
  dims: number[],
  opened: ByteSource[],
): Promise<NumberArray> {
  const data = fields.get('data');
  const count = dims.reduce((product, size) => product * size, 1);
  const strides = stridesOf(dims, true);
  if (data?.kind === 'numbers') {
    const stored = data.array.dims.reduce((product, size) => product * size, 1);
    if (stored !== count)
      throw broken(
        `The recording counts ${dims.join(' × ')} values, ${data.array.dims.join(' × ')} are there.`,
      );
    return { ...data.array, dims, strides };
  }
  const name = (await textIn(fields, 'data')) || (await textIn(fields, 'datfile'));
  const beside = basename(name.replaceAll('\\', '/')) || basename(path).replace(/\.set$/i, '.fdt');
  // A copied recording keeps the name it had inside.
  const source =
    (await openIfThere(join(dirname(path), beside))) ?? (await openIfThere(path.replace(/\.set$/i, '.fdt')));
  if (!source)
    throw new FileProblem('missing', `Its samples are missing: there is no “${beside}” beside it.`);
  opened.push(source);
  if (source.size !== 4 * count)
    throw broken(
      `“${beside}” holds ${source.size} bytes; ${dims.join(' × ')} values need ${4 * count}. Copy it again.`,
    );
  return { type: 'float32', isLittleEndian: true, dims, strides, source, offset: 0 };
}

const openIfThere = (path: string): Promise<ByteSource | null> =>
  openBytes(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });

async function channelNames(fields: Fields, count: number): Promise<string[]> {
  const places = fields.get('chanlocs');
  const elements = places?.kind === 'struct' ? places.elements : [];
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const element = elements.length === count ? elements[index] : undefined;
    names.push((element && (await textIn(element, 'labels'))) || `channel ${index + 1}`);
  }
  return names;
}

interface StoredEvent {
  /** Of all trials, one behind the other, from 0; a boundary lies between two rows. */
  row: number;
  rows: number;
  name: string;
}

async function eventsOf(fields: Fields): Promise<StoredEvent[]> {
  const stored = fields.get('event');
  if (stored?.kind !== 'struct') return [];
  const events: StoredEvent[] = [];
  for (const element of stored.elements) {
    const latency = await numberOf(element, 'latency');
    if (!Number.isFinite(latency)) continue;
    const rows = await numberOf(element, 'duration', 0);
    events.push({
      row: latency - 1,
      rows: Number.isFinite(rows) && rows > 0 ? rows : 0,
      name: (await textIn(element, 'type')) || 'event',
    });
  }
  return events;
}

/** A boundary is where rows were cut out: no window may lie across. */
function pieces(events: readonly StoredEvent[], length: number, rate: number): Stretch[] {
  const cuts = events
    .filter(({ name }) => name === BOUNDARY)
    .map(({ row }) => Math.ceil(row))
    .filter((row) => row > 0 && row < length);
  const starts = [...new Set([0, ...cuts])].sort((one, other) => one - other);
  return starts.map((start, at) => ({ start, end: starts[at + 1] ?? length, seconds: start / rate }));
}

/** Each trial is labelled by the event at its moment zero, which may lie between two rows: the nearest counts. */
function epochs(
  events: readonly StoredEvent[],
  steps: number,
  trials: number,
  rate: number,
  begin: number,
): Stretch[] {
  const zero = -begin * rate;
  const nearest = new Map<number, { name: string; distance: number }>();
  for (const { row, name } of events) {
    const trial = Math.floor(Math.round(row) / steps);
    const distance = Math.abs(row - trial * steps - zero);
    if (distance <= 1 && distance < (nearest.get(trial)?.distance ?? Infinity))
      nearest.set(trial, { name, distance });
  }
  return Array.from({ length: trials }, (_, trial) => ({
    start: trial * steps,
    end: (trial + 1) * steps,
    seconds: (trial * steps) / rate,
    label: nearest.get(trial)?.name ?? null,
  }));
}
