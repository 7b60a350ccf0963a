/** What a person sees of a preparation: some rows as they were recorded, and after each step. */
import type {
  PreparationPreview,
  PreviewWish,
  TracedChannel,
} from '../../../contract/data/recordings/preparation-preview.ts';
import { PretextError } from '../../../contract/errors.ts';
import { breathe } from '../../breathe.ts';
import { thin } from '../panel.ts';
import { groundInMemory } from './ground.ts';
import { partedSteps, type Step } from './steps.ts';
import type { ApartWindow } from './windows-apart.ts';

/**
 * Values of a recording that are gone over as a whole: what is shown is then the import's to the bit. So many take the
 * steps of a preset some seconds.
 */
export const MOST_STAGED = 4 * 1024 * 1024;

/** So many files are named, to choose another. */
export const FILES_NAMED = 500;

export type Stage = PreparationPreview['stages'][number];

export interface StagedRows {
  /** All stretches of a recording, [rows, channels] each. */
  stretches: readonly Float32Array[];
  /** Of their channels. */
  names: readonly string[];
  steps: readonly Step[];
  /** Rows of one stretch that are shown, from its first. */
  shown: { stretch: number; from: number; to: number };
  /** Windows of that stretch as an import cuts them; asked for where steps go over windows. */
  windows(): Promise<readonly ApartWindow[]>;
}

/** The stretch that a moment lies in, and the moment moved so that what is to be shown fits into it. */
export function placeOf(
  stretches: readonly { start: number; end: number; seconds: number }[],
  rate: number,
  { from: wanted, seconds }: PreviewWish,
) {
  const endOf = (at: number) => stretches[at]!.seconds + (stretches[at]!.end - stretches[at]!.start) / rate;
  const end = endOf(stretches.length - 1);
  const moment = wanted ?? Math.max(0, (end - seconds) / 2);
  const at = Math.max(
    0,
    stretches.findLastIndex((one) => one.seconds <= moment),
  );
  const latest = Math.max(stretches[at]!.seconds, endOf(at) - seconds);
  return { at, end, from: Math.min(Math.max(moment, stretches[at]!.seconds), latest) };
}

export async function stagesOf(rows: StagedRows, wish: PreviewWish): Promise<Stage[]> {
  const { stretches, names, shown } = rows;
  const steps = partedSteps(rows.steps);
  const ground = groundInMemory(stretches, names.length);
  const look = () => ground.stores[shown.stretch]!.read(shown.from, shown.to);
  const stages = [stageOf(await look(), { words: null, why: null, names }, wish)];
  for (const step of steps.recording) {
    await step.apply(ground);
    await breathe();
    stages.push(stageOf(await look(), step, wish));
  }
  if (steps.window.length === 0) return stages;
  const width = (steps.recording.at(-1)?.names ?? names).length;
  const touched = (await rows.windows()).filter(
    ({ start, rows: own }) => start < shown.to && start + own > shown.from,
  );
  const whole = ground.stores[shown.stretch]!;
  const apart = await Promise.all(
    touched.map(async ({ start, rows: own }) => ({
      start,
      ground: groundInMemory([await whole.read(start, start + own)], width),
    })),
  );
  for (const step of steps.window) {
    for (const window of apart) await step.apply(window.ground);
    await breathe();
    stages.push(stageOf(laid(apart, shown, step.names.length), step, wish));
  }
  return stages;
}

/** Windows in the rows that are shown: what lies in none is missing, of those that overlap the first is seen. */
function laid(
  windows: readonly { start: number; ground: { values: readonly Float32Array[] } }[],
  { from, to }: { from: number; to: number },
  width: number,
): Float32Array {
  const values = new Float32Array((to - from) * width).fill(NaN);
  for (const { start, ground } of windows.toReversed()) {
    const [own] = ground.values as [Float32Array];
    const first = Math.max(0, from - start);
    const last = Math.min(own.length / width, to - start);
    values.set(own.subarray(first * width, last * width), (start + first - from) * width);
  }
  return values;
}

function stageOf(
  values: Float32Array,
  { words, why, names }: { words: string | null; why: string | null; names: readonly string[] },
  { firstChannel, channels, points }: PreviewWish,
): Stage {
  const traced = names
    .slice(firstChannel, firstChannel + channels)
    .map((name, at) => traceOf(name, values, firstChannel + at, names.length, points));
  return { words, why, channelCount: names.length, channels: traced };
}

function traceOf(
  name: string,
  values: Float32Array,
  channel: number,
  width: number,
  points: number,
): TracedChannel {
  const own = Array.from({ length: values.length / width }, (_, row) => values[row * width + channel]!);
  const known = own.filter((one) => Number.isFinite(one));
  const mean = known.reduce((sum, one) => sum + one / known.length, 0);
  const least = (pick: (one: number, other: number) => number) => (known.length > 0 ? known.reduce(pick) : 0);
  return {
    name,
    values: thin(own, points).map((one) => (Number.isFinite(one) ? one : null)),
    smallest: least((one, other) => Math.min(one, other)),
    largest: least((one, other) => Math.max(one, other)),
    deviation: Math.sqrt(known.reduce((sum, one) => sum + (one - mean) ** 2 / known.length, 0)),
  };
}

export const noPreview = (place: string, message: string): PretextError =>
  new PretextError({
    code: 'recordings.no-preview',
    message: `“${place}” cannot be shown: ${message}`,
    place,
    remedy: 'Choose another recording.',
  });
