/** Cases of the UCR and UEA archives: each a line of text with its values and its class. */
import type { ByteSource } from './bytes.ts';
import { FileProblem } from '../problem.ts';
import { broken } from './problem.ts';
import type { Recording, Stretch } from './recording.ts';

export interface Case {
  /** One list of values a channel, all as long. */
  channels: number[][];
  label: string | null;
}

export interface StoredCase {
  position: number;
  bytes: number;
  start: number;
  steps: number;
}

/** Cases that are kept at once: a read of many goes case by case. */
export async function recordingOfCases(
  format: string,
  source: ByteSource,
  lines: AsyncIterable<{ position: number; bytes: number; parsed: Case }>,
  parse: (text: string) => Case,
  names: readonly string[] | null,
): Promise<Recording> {
  const cases: StoredCase[] = [];
  const stretches: Stretch[] = [];
  let channels: number | null = null;
  let length = 0;
  for await (const { position, bytes, parsed } of lines) {
    const steps = parsed.channels[0]?.length ?? 0;
    const place = `Case ${cases.length + 1}`;
    channels ??= parsed.channels.length;
    if (parsed.channels.length !== channels)
      throw broken(`${place} has ${parsed.channels.length} channels, those before it ${channels}.`);
    if (steps === 0 || parsed.channels.some((one) => one.length !== steps))
      throw broken(`${place} has channels of different lengths.`);
    cases.push({ position, bytes, start: length, steps });
    stretches.push({ start: length, end: length + steps, seconds: 0, label: parsed.label });
    length += steps;
  }
  if (channels === null) throw new FileProblem('empty', 'The file holds no cases.');
  const width = channels;
  return {
    format,
    tracks: [
      {
        rate: null,
        channels: Array.from({ length: width }, (_, index) => ({
          name: (names?.length === width ? names[index] : undefined) ?? `channel ${index + 1}`,
          unit: null,
        })),
        length,
        stretches,
        read: (from, to) => readCases(source, cases, parse, width, from, to),
      },
    ],
    events: [],
    subject: null,
    start: null,
    notes: [],
    close: () => source.close(),
  };
}

async function readCases(
  source: ByteSource,
  cases: readonly StoredCase[],
  parse: (text: string) => Case,
  width: number,
  from: number,
  to: number,
): Promise<Float32Array> {
  const values = new Float32Array((to - from) * width);
  for (let index = firstCase(cases, from); index < cases.length && cases[index]!.start < to; index += 1) {
    const { position, bytes, start, steps } = cases[index]!;
    const { channels } = parse((await source.read(position, bytes)).toString('utf8').replace(/\r$/, ''));
    const [begin, end] = [Math.max(from, start), Math.min(to, start + steps)];
    for (let channel = 0; channel < width; channel += 1)
      for (let row = begin; row < end; row += 1)
        values[(row - from) * width + channel] = channels[channel]![row - start]!;
  }
  return values;
}

function firstCase(cases: readonly StoredCase[], row: number): number {
  let [low, high] = [0, cases.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cases[middle]!.start <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `1.5,?,3`: a question mark, or NaN, is a missing value. */
export function parseValues(text: string, place: string): number[] {
  return text.split(',').map((cell) => {
    const trimmed = cell.trim();
    if (trimmed === '?' || /^nan$/i.test(trimmed)) return NaN;
    const value = Number(trimmed);
    if (trimmed === '' || Number.isNaN(value))
      throw broken(`${place} holds “${trimmed.slice(0, 20)}”, not a number.`);
    return value;
  });
}
