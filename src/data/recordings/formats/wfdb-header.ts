/** The header of a WFDB record (.hea): a line for the record, a line a signal, and remarks. */
import { FileProblem } from '../../problem.ts';
import { broken, unsupported } from '../problem.ts';

/** 0 stands for a signal that is only named. */
export const WFDB_FORMATS = [0, 16, 24, 32, 61, 80, 212] as const;
export type WfdbFormat = (typeof WFDB_FORMATS)[number];

export interface WfdbSignal {
  file: string;
  format: WfdbFormat;
  samplesPerFrame: number;
  /** Bytes before the samples in its file. */
  byteOffset: number;
  /** Physical value = (stored − baseline) / gain. */
  gain: number;
  baseline: number;
  unit: string;
  name: string;
}

export interface WfdbHeader {
  name: string;
  /** Frames a second; null where the header does not say. */
  frameRate: number | null;
  /** Null where the header leaves it open. */
  frames: number | null;
  signals: WfdbSignal[];
  start: string | null;
  notes: string[];
}

/** Records that follow each other in one. */
export interface WfdbSegments extends Pick<WfdbHeader, 'name' | 'frameRate' | 'start'> {
  /** A name of `~` is a gap. */
  segments: { name: string; frames: number }[];
  /** Names the signals of all segments where these differ in them; null where all have the same. */
  layout: string | null;
}

/** What the format's description gives where the header says nothing. */
const DEFAULT_GAIN = 200;
const MOST_SIGNALS = 10_000;
const MOST_SEGMENTS = 100_000;

const linesOf = (text: string): string[] =>
  text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Whether the header is one of several segments. */
export const hasSegments = (text: string): boolean =>
  linesOf(text)[0]?.split(/\s+/)[0]?.includes('/') ?? false;

/** `s00001/3 2 360 1800`, then a line a segment: `s00001_0001 1000`. @throws FileProblem */
export function parseWfdbSegments(text: string): WfdbSegments {
  const [record = '', ...rest] = linesOf(text);
  const [name = '', , rate, , time, date] = record.split(/\s+/);
  const count = Number(name.split('/')[1]);
  if (!(count > 0) || count > MOST_SEGMENTS || rest.length < count)
    throw broken(`The header counts ${count} segments and names ${rest.length}.`);
  const all = rest.slice(0, count).map((line, index) => {
    const [segment = '', frames = ''] = line.split(/\s+/);
    if (segment.includes('\0') || !/^\d+$/.test(frames) || !Number.isSafeInteger(Number(frames)))
      throw broken(`The line of segment ${index + 1} cannot be understood: “${line.slice(0, 80)}”.`);
    return { name: segment, frames: Number(frames) };
  });
  const [first] = all;
  const isVariable = first!.frames === 0 && first!.name !== '~';
  const segments = all.filter(({ frames }) => frames > 0);
  if (segments.every((one) => one.name === '~'))
    throw new FileProblem('empty', 'The record holds no segments.');
  return {
    name: name.split('/')[0]!,
    frameRate: rateOf(rate),
    start: startOf(time, date),
    segments,
    layout: isVariable ? first!.name : null,
  };
}

/** @throws FileProblem */
export function parseWfdbHeader(text: string): WfdbHeader {
  const [record, ...rest] = linesOf(text);
  if (record === undefined) throw new FileProblem('empty', 'The header holds no line of a record.');
  const [name = '', count, rate, frames, time, date] = record.split(/\s+/);
  if (name.includes('/')) throw broken('A segment is put together of segments itself.');
  if (!/^\d+$/.test(count ?? ''))
    throw new FileProblem('wrong-magic', 'The file does not begin as the header of a WFDB record does.');
  const signals = Number(count);
  if (signals === 0) throw new FileProblem('empty', 'The record holds no signals.');
  if (signals > MOST_SIGNALS || rest.length < signals)
    throw broken(`The header counts ${signals} signals and describes ${rest.length}.`);
  const notes: string[] = [];
  return {
    name,
    frameRate: rateOf(rate),
    frames: framesOf(frames),
    signals: rest.slice(0, signals).map((line, index) => parseSignal(line, index, notes)),
    start: startOf(time, date),
    notes,
  };
}

/** `360`, `360/60` or `360/60(0)`: only the first is the rate of frames. */
function rateOf(field: string | undefined): number | null {
  if (field === undefined) return null;
  const rate = Number(field.split('/')[0]);
  if (!(rate > 0 && Number.isFinite(rate))) throw broken(`The header gives “${field}” as frames a second.`);
  return rate;
}

function framesOf(field: string | undefined): number | null {
  if (field === undefined) return null;
  if (!/^\d+$/.test(field) || !Number.isSafeInteger(Number(field)))
    throw broken(`The header gives “${field}” as the number of frames.`);
  return Number(field) || null;
}

const SIGNAL =
  /^(\S+)\s+(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?(?:\s+([-+.\deE]+)(?:\((-?\d+)\))?(?:\/(\S+))?)?(?:\s+(-?\d+))?(?:\s+(-?\d+))?(?:\s+(-?\d+))?(?:\s+(-?\d+))?(?:\s+(-?\d+))?(?:\s+(.*))?$/;

/** `100.dat 212x2:3+24 200(1024)/mV 11 1024 995 -22131 0 MLII` */
function parseSignal(line: string, index: number, notes: string[]): WfdbSignal {
  const found = SIGNAL.exec(line);
  if (!found) throw broken(`The line of signal ${index + 1} cannot be understood: “${line.slice(0, 80)}”.`);
  if (line.includes('\0')) throw broken(`The line of signal ${index + 1} holds bytes that are no text.`);
  const [, file, formatText, perFrame, skew, byteOffset, gainText, baseline, unit] = found;
  const [, zero, , , , name] = found.slice(9);
  const format = Number(formatText);
  if (!(WFDB_FORMATS as readonly number[]).includes(format))
    throw unsupported(
      `Signal ${index + 1} is written in format ${format}; ${WFDB_FORMATS.slice(1).join(', ')} are read.`,
    );
  if (skew !== undefined && Number(skew) !== 0)
    notes.push(`Signal ${index + 1} is shifted by ${skew} samples, which is not undone.`);
  const gain = gainText === undefined ? 0 : Number(gainText);
  if (!Number.isFinite(gain)) throw broken(`The gain of signal ${index + 1} is “${gainText}”.`);
  const samplesPerFrame = Number(perFrame ?? 1);
  if (samplesPerFrame < 1 || samplesPerFrame > 1_000_000)
    throw broken(`Signal ${index + 1} has ${samplesPerFrame} samples a frame.`);
  return {
    file: file!,
    format: format as WfdbFormat,
    samplesPerFrame,
    byteOffset: Number(byteOffset ?? 0),
    gain: gain === 0 ? DEFAULT_GAIN : gain,
    baseline: Number(baseline ?? zero ?? 0),
    unit: unit ?? 'mV',
    name: name?.trim() || `channel ${index + 1}`,
  };
}

/** `16:15:00 12/08/2009` */
function startOf(time: string | undefined, date: string | undefined): string | null {
  const day = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(date ?? '');
  const hour = /^(\d{1,2}):(\d\d)(?::(\d\d))?/.exec(time ?? '');
  if (!day || !hour) return null;
  const two = (text: string | undefined) => (text ?? '0').padStart(2, '0');
  return `${day[3]}-${two(day[2])}-${two(day[1])}T${two(hour[1])}:${two(hour[2])}:${two(hour[3])}`;
}
