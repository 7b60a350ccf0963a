/** The header of EDF and BDF files: text in fields of fixed width. */
import type { ByteSource } from '../bytes.ts';
import { FileProblem } from '../../problem.ts';
import { broken } from '../problem.ts';

export interface EdfSignal {
  name: string;
  unit: string | null;
  isAnnotation: boolean;
  /** Samples in one record. */
  samples: number;
  /** Where its samples begin in a record, in bytes. */
  offset: number;
  /** Physical value = digital value · gain + base. */
  gain: number;
  base: number;
}

export interface EdfHeader {
  format: string;
  isDiscontinuous: boolean;
  headerBytes: number;
  recordBytes: number;
  sampleBytes: 2 | 3;
  recordCount: number;
  recordSeconds: number;
  signals: EdfSignal[];
  subject: string | null;
  start: string | null;
  notes: string[];
}

const MAIN_BYTES = 256;
const SIGNAL_BYTES = 256;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** An EDF or a BDF by its first bytes. */
export const looksLikeEdf = (head: Uint8Array): boolean =>
  head.length >= 8 &&
  (Buffer.from(head.subarray(0, 8)).toString('latin1') === '0       ' ||
    (head[0] === 0xff && Buffer.from(head.subarray(1, 8)).toString('latin1') === 'BIOSEMI'));

/** @throws FileProblem */
export async function readHeader(source: ByteSource): Promise<EdfHeader> {
  if (source.size < MAIN_BYTES)
    throw broken(
      `The file is cut off in its header: ${source.size} of at least ${MAIN_BYTES} bytes are there.`,
    );
  const main = await source.read(0, MAIN_BYTES);
  if (!looksLikeEdf(main)) throw new FileProblem('wrong-magic', 'The file does not begin as EDF or BDF do.');
  const isBdf = main[0] === 0xff;
  const text = (at: number, length: number) => main.toString('latin1', at, at + length).trim();
  const reserved = text(192, 44);
  const isPlus = /^[EB]DF\+/.test(reserved);
  const count = wholeNumber(text(252, 4), 'the number of signals');
  if (count < 1) throw broken(`The header says that the file holds ${count} signals.`);
  const headerBytes = MAIN_BYTES + count * SIGNAL_BYTES;
  const told = wholeNumber(text(184, 8), 'the size of the header');
  if (told !== headerBytes)
    throw broken(`The header says that it has ${told} bytes; with ${count} signals it has ${headerBytes}.`);
  const recordSeconds = number(text(244, 8), 'the length of a record');
  if (!(recordSeconds >= 0)) throw broken(`The header says that a record lasts ${recordSeconds} s.`);
  const sampleBytes = isBdf ? 3 : 2;
  const signals = await readSignals(source, count, sampleBytes, isPlus);
  const recordBytes = signals.reduce((sum, { samples }) => sum + samples * sampleBytes, 0);
  const notes: string[] = [];
  return {
    format: isPlus ? reserved.slice(0, 5) : isBdf ? 'BDF' : 'EDF',
    isDiscontinuous: isPlus && reserved.startsWith('+D', 3),
    headerBytes,
    recordBytes,
    sampleBytes,
    recordCount: countRecords(source.size - headerBytes, recordBytes, text(236, 8), notes),
    recordSeconds,
    signals,
    subject: subjectOf(text(8, 80), isPlus),
    start: startOf(text(168, 8), text(176, 8), isPlus ? text(88, 80) : ''),
    notes,
  };
}

/** Unknown counts (−1) are those of a recording that was not ended: what is there counts. */
function countRecords(dataBytes: number, recordBytes: number, field: string, notes: string[]): number {
  const told = wholeNumber(field, 'the number of records');
  const there = Math.floor(dataBytes / recordBytes);
  if (told < -1 || told === 0) throw broken(`The header says that the file holds ${told} records.`);
  if (told === -1) {
    notes.push(`The header leaves the number of records open; ${there} are there.`);
    if (there === 0) throw broken('The file ends with its header: it holds no record.');
    return there;
  }
  if (there < told)
    throw broken(
      `The file is cut off: its header counts ${told} records, ${there} are there. Copy it again from its source.`,
    );
  const extra = dataBytes - told * recordBytes;
  if (extra > 0) notes.push(`${extra} bytes behind the ${told} records that the header counts are not read.`);
  return told;
}

async function readSignals(
  source: ByteSource,
  count: number,
  sampleBytes: number,
  isPlus: boolean,
): Promise<EdfSignal[]> {
  const bytes = await source.read(MAIN_BYTES, count * SIGNAL_BYTES);
  let column = 0;
  /** The header keeps a field of all signals together. */
  const fields = (width: number): string[] => {
    const found = Array.from({ length: count }, (_, signal) => {
      const at = column + signal * width;
      return bytes.toString('latin1', at, at + width).trim();
    });
    column += width * count;
    return found;
  };
  const names = fields(16);
  fields(80);
  const [units, lowest, highest, digitalLowest, digitalHighest] = [8, 8, 8, 8, 8].map(fields) as [
    string[],
    string[],
    string[],
    string[],
    string[],
  ];
  fields(80);
  const samples = fields(8);
  let offset = 0;
  return names.map((name, index) => {
    const place = `signal ${index + 1} (${name || 'without a name'})`;
    const perRecord = wholeNumber(samples[index]!, `the samples of ${place}`);
    if (perRecord < 1) throw broken(`The header gives ${perRecord} samples a record to ${place}.`);
    const isAnnotation = isPlus && /^[EB]DF Annotations$/.test(name);
    const scale = isAnnotation
      ? { gain: 1, base: 0 }
      : scaleOf(place, lowest[index]!, highest[index]!, digitalLowest[index]!, digitalHighest[index]!);
    const signal = {
      name: name || `channel ${index + 1}`,
      unit: unitOf(units[index]!),
      isAnnotation,
      samples: perRecord,
      offset,
      ...scale,
    };
    offset += perRecord * sampleBytes;
    return signal;
  });
}

function scaleOf(place: string, low: string, high: string, digitalLow: string, digitalHigh: string) {
  const [physicalMinimum, physicalMaximum] = [low, high].map((field) =>
    number(field, `the range of ${place}`),
  );
  const [digitalMinimum, digitalMaximum] = [digitalLow, digitalHigh].map((field) =>
    number(field, `the digital range of ${place}`),
  );
  const span = digitalMaximum! - digitalMinimum!;
  if (span === 0) throw broken(`The digital range of ${place} is empty: ${digitalLow} to ${digitalHigh}.`);
  const gain = (physicalMaximum! - physicalMinimum!) / span;
  return { gain, base: physicalMaximum! - digitalMaximum! * gain };
}

/** Old programs write uV, and some µV in Latin 1. */
const unitOf = (field: string): string | null => (field === '' ? null : field.replace(/^u(?=[VAm])/, 'µ'));

/** EDF+ begins with a code, X where none is told; others write what they like. */
function subjectOf(field: string, isPlus: boolean): string | null {
  const [code = ''] = isPlus ? field.split(' ') : [field];
  return code === '' || /^X( X)*$/.test(code) ? null : code;
}

/** Two digits of a year are from 1985 to 2084; EDF+ writes the whole year behind "Startdate". */
function startOf(date: string, time: string, recording: string): string | null {
  const day = /^(\d\d)\D(\d\d)\D(\d\d)$/.exec(date);
  const hour = /^(\d\d)\D(\d\d)\D(\d\d)$/.exec(time);
  if (!day || !hour) return null;
  let [year, month, dayOfMonth] = [Number(day[3]) + (Number(day[3]) >= 85 ? 1900 : 2000), day[2]!, day[1]!];
  const whole = /^Startdate (\d\d)-([A-Z]{3})-(\d{4})/i.exec(recording);
  const named = whole ? MONTHS.indexOf(whole[2]!.toUpperCase()) : -1;
  if (whole && named >= 0)
    [year, month, dayOfMonth] = [Number(whole[3]), String(named + 1).padStart(2, '0'), whole[1]!];
  return `${year}-${month}-${dayOfMonth}T${hour[1]}:${hour[2]}:${hour[3]}`;
}

function number(field: string, what: string): number {
  // Some programs write a decimal comma.
  const value = Number(field.replace(',', '.').replace(/\0+$/, ''));
  if (field === '' || !Number.isFinite(value))
    throw broken(`The header gives “${printable(field)}” as ${what}.`);
  return value;
}

function wholeNumber(field: string, what: string): number {
  const value = number(field, what);
  if (!Number.isSafeInteger(value)) throw broken(`The header gives “${printable(field)}” as ${what}.`);
  return value;
}

const printable = (field: string): string => field.replace(/[^\x20-\x7e]/g, '?').slice(0, 16);
