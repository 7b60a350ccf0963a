/** BrainVision: a header of text (.vhdr), markers of text (.vmrk) and the samples (.eeg). */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openBytes, type ByteSource } from '../bytes.ts';
import { bytesOf, type NumberType } from '../numbers.ts';
import { readFrames, readPlanes } from '../packed.ts';
import { FileProblem } from '../../problem.ts';
import { broken, unsupported } from '../problem.ts';
import {
  byTime,
  type RecordedChannel,
  type RecordedEvent,
  type Recording,
  type Stretch,
} from '../recording.ts';

type Sections = Map<string, Map<string, string>>;

const MOST_TEXT_BYTES = 64 * 1024 * 1024;
const TYPES: Record<string, NumberType> = { INT_16: 'int16', INT_32: 'int32', IEEE_FLOAT_32: 'float32' };

/** @param path of the header, `.vhdr` */
export async function openBrainVision(path: string): Promise<Recording> {
  const sections = await readSections(path);
  const common = sections.get('common infos');
  if (!common) throw new FileProblem('wrong-magic', 'The file has no section [Common Infos].');
  const count = numberIn(common, 'NumberOfChannels');
  const interval = numberIn(common, 'SamplingInterval');
  if (!(interval > 0)) throw broken(`SamplingInterval is ${interval}.`);
  const rate = 1e6 / interval;
  if ((common.get('dataformat') ?? 'BINARY').toUpperCase() !== 'BINARY')
    throw unsupported('The samples are written as text (DataFormat ASCII). Export them as binary.');
  const format = sections.get('binary infos')?.get('binaryformat') ?? '';
  const type = TYPES[format.toUpperCase()];
  if (!type) throw unsupported(`BinaryFormat “${format}” is none of ${Object.keys(TYPES).join(', ')}.`);
  const { channels, gains } = readChannels(sections, count);
  const markers = await readMarkers(path, common);
  const source = await openBeside(path, common.get('datafile'), '.eeg');
  const frameBytes = bytesOf(type) * count;
  const length = Math.floor(source.size / frameBytes);
  const told = common.get('datapoints');
  const planes = (common.get('dataorientation') ?? 'MULTIPLEXED').toUpperCase() === 'VECTORIZED';
  const notes: string[] = [];
  try {
    if (length === 0) throw new FileProblem('empty', 'The file of samples is empty.');
    if (source.size % frameBytes !== 0)
      throw broken(
        `The samples are cut off: ${source.size} bytes are no multiple of ${count} channels of ${bytesOf(type)} bytes. Copy the file again.`,
      );
    if (told !== undefined && Number(told) > 0 && Number(told) !== length)
      throw broken(`The header counts ${told} samples a channel, ${length} are there.`);
  } catch (error) {
    await source.close();
    throw error;
  }
  const events = eventsOf(markers, rate, length, notes);
  const packed = {
    source,
    offset: 0,
    type,
    isLittleEndian: true,
    channels: count,
    gains,
    bases: new Float64Array(count),
  };
  return {
    format: 'BrainVision',
    tracks: [
      {
        rate,
        channels,
        length,
        stretches: stretchesOf(markers, rate, length),
        read: (from, to) => (planes ? readPlanes(packed, length, from, to) : readFrames(packed, from, to)),
      },
    ],
    events,
    subject: null,
    start: startOf(markers),
    notes,
    close: () => source.close(),
  };
}

/** An ini file; keys are lower case, of values nothing is cut. */
async function readSections(path: string): Promise<Sections> {
  if ((await stat(path)).size > MOST_TEXT_BYTES) throw broken('The text is too long for a header.');
  const bytes = await readFile(path);
  const isUtf8 = /Codepage\s*=\s*UTF-?8/i.test(bytes.toString('latin1'));
  const text = bytes.toString(isUtf8 ? 'utf8' : 'latin1').replace(/^\uFEFF/, '');
  if (!/^(BrainVision|Brain Vision|Vision) /.test(text.trimStart().replace(/^ï»¿/, '')))
    throw new FileProblem('wrong-magic', 'The file does not begin as BrainVision’s do.');
  const sections: Sections = new Map();
  let section: Map<string, string> | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const name = /^\[(.+)\]\s*$/.exec(line)?.[1];
    if (name !== undefined) {
      section = new Map();
      sections.set(name.trim().toLowerCase(), section);
    } else if (section && !line.startsWith(';')) {
      const at = line.indexOf('=');
      if (at > 0) section.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
    }
  }
  return sections;
}

function numberIn(section: Map<string, string>, key: string): number {
  const field = section.get(key.toLowerCase());
  const value = Number(field);
  if (field === undefined || field === '' || !Number.isFinite(value))
    throw broken(field === undefined ? `The header has no ${key}.` : `${key} is “${field}”, not a number.`);
  if (key === 'NumberOfChannels' && !(Number.isInteger(value) && value > 0 && value < 65_536))
    throw broken(`NumberOfChannels is ${value}.`);
  return value;
}

/** `Ch1=Fp1,,0.5,µV`: name, reference, resolution and unit; a comma in a name is written `\1`. */
function readChannels(sections: Sections, count: number) {
  const lines = sections.get('channel infos') ?? new Map<string, string>();
  const there = [...lines.keys()].filter((key) => /^ch\d+$/.test(key)).length;
  if (there !== count) throw broken(`The header counts ${count} channels and describes ${there}.`);
  const gains = new Float64Array(count);
  const channels = Array.from({ length: count }, (_, index): RecordedChannel => {
    const line = lines.get(`ch${index + 1}`);
    if (line === undefined) throw broken(`The header does not describe channel ${index + 1}.`);
    const [name = '', , resolution = '', unit = ''] = line
      .split(',')
      .map((part) => part.replaceAll('\\1', ',').trim());
    const gain = resolution === '' ? 1 : Number(resolution);
    if (!Number.isFinite(gain) || gain === 0)
      throw broken(`The resolution of channel ${index + 1} is “${resolution}”.`);
    gains[index] = gain;
    // The format's description: microvolts where no unit is written.
    return {
      name: name || `channel ${index + 1}`,
      unit: unit === '' ? 'µV' : unit.replace(/^[uμ](?=V)/, 'µ'),
    };
  });
  return { channels, gains };
}

/** `$b` stands for the header's own name. */
const nameBeside = (path: string, name: string | undefined, extension: string): string => {
  const own = basename(path).replace(/\.[^.]*$/, '');
  const told = name?.replaceAll('$b', own) ?? `${own}${extension}`;
  // Only beside the header: a path from somebody else's disk leads nowhere.
  return join(dirname(path), told.replace(/^.*[\\/]/, ''));
};

async function openBeside(path: string, name: string | undefined, extension: string): Promise<ByteSource> {
  const beside = nameBeside(path, name, extension);
  try {
    return await openBytes(beside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new FileProblem('missing', `Its samples are missing: there is no “${basename(beside)}” beside it.`);
  }
}

interface Marker {
  type: string;
  description: string;
  /** From 1. */
  position: number;
  points: number;
  date: string | undefined;
}

/** `Mk1=Stimulus,S  1,487,1,0`: type, description, position, length, channel and, of new segments, the date. */
async function readMarkers(path: string, common: Map<string, string>): Promise<Marker[]> {
  const name = common.get('markerfile');
  if (name === undefined || name === '') return [];
  const beside = nameBeside(path, name, '.vmrk');
  let sections: Sections;
  try {
    sections = await readSections(beside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new FileProblem('missing', `Its markers are missing: there is no “${basename(beside)}” beside it.`);
  }
  return [...(sections.get('marker infos') ?? [])].flatMap(([key, line]) => {
    if (!/^mk\d+$/.test(key)) return [];
    const parts = line.split(',').map((part) => part.replaceAll('\\1', ','));
    const [type = '', description = '', position, points, , date] = parts;
    const [at, size] = [Number(position), Number(points || 0)];
    if (!Number.isFinite(at) || !Number.isFinite(size) || position === undefined)
      throw broken(`The marker “${line.slice(0, 60)}” has no position.`);
    return [{ type: type.trim(), description: description.trim(), position: at, points: size, date }];
  });
}

const isSegment = ({ type }: Marker) => type === 'New Segment';

function eventsOf(
  markers: readonly Marker[],
  rate: number,
  length: number,
  notes: string[],
): RecordedEvent[] {
  // Segments are told as stretches.
  const events = markers.filter((marker) => !isSegment(marker));
  const inside = events.filter(({ position }) => position >= 1 && position <= length);
  if (inside.length < events.length)
    notes.push(`${events.length - inside.length} markers lie outside of the recording and are not used.`);
  return byTime(
    inside.map(({ type, description, position, points }) => ({
      seconds: (position - 1) / rate,
      duration: points / rate,
      name: description === '' ? type : `${type}/${description}`,
    })),
  );
}

function stretchesOf(markers: readonly Marker[], rate: number, length: number): Stretch[] {
  const starts = markers
    .filter(isSegment)
    .map(({ position }) => position - 1)
    .filter((row) => row > 0 && row < length);
  const sorted = [...new Set([0, ...starts])].sort((one, other) => one - other);
  return sorted.map((start, index) => ({ start, end: sorted[index + 1] ?? length, seconds: start / rate }));
}

/** 20131113161403794232: to the microsecond. */
function startOf(markers: readonly Marker[]): string | null {
  const date = markers.find((marker) => isSegment(marker) && marker.date)?.date;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(date ?? '');
  if (!parts || parts[1] === '0000') return null;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}
