/** Takes the stretches of a recording into the shard: its channels in the order, units and rate of the import. */
import { createHash } from 'node:crypto';
import type { ImportOptions } from '../../../contract/recipe/recipe.ts';
import { breathe } from '../../breathe.ts';
import { formatRate } from '../../delimited/time.ts';
import { FileProblem } from '../../problem.ts';
import type { ReadRequest } from '../../reading/types.ts';
import type { Recording, Track } from '../../recordings/recording.ts';
import { groundInShard, type PlacedRows } from '../preparation/ground.ts';
import { partedSteps } from '../preparation/steps.ts';
import { channelsOf, unitFactor } from './channels.ts';
import { faultsOf, leaveOutFaulty, watchRecording, type RecordingFaults } from './faults.ts';
import { isSameRate, type RecordedPlan } from './plan.ts';
import { readAhead, rowsOfStretch, type PickedChannel } from './rows.ts';
import type { StoredStretch } from './spans.ts';

/** The rate that all are brought to; null where they stay as they are. @throws FileProblem `other-rate` */
export function rateToReach(
  plan: RecordedPlan,
  { signals: { samplingRate, resampleTo } }: ImportOptions,
  { tracks }: Recording,
): number | null {
  if (resampleTo !== undefined) return resampleTo;
  const rate = tracks[0]!.rate;
  if (samplingRate === undefined && rate !== null && plan.rate !== null && !isSameRate(rate, plan.rate))
    throw new FileProblem(
      'other-rate',
      `The file holds ${formatRate(rate)}, most recordings ${formatRate(plan.rate)}. Import it as a dataset of its own, or bring all to one rate (resample to).`,
    );
  return null;
}

/** @throws FileProblem `other-channels`, `other-unit` */
export function pick(
  { channels }: RecordedPlan,
  { tracks }: Recording,
  isResampled: boolean,
): PickedChannel[] {
  const there = channelsOf(tracks);
  return channels.map(({ key, name, unit }) => {
    const found = there.find((one) => one.key === key);
    if (!found) throw new FileProblem('other-channels', `The recording has no channel “${name}”.`);
    if (!isResampled && found.track !== there.find((one) => one.key === channels[0]!.key)?.track)
      throw new FileProblem(
        'other-rate',
        `Channel “${name}” was recorded at another rate than “${channels[0]!.name}”. Bring all to one rate (resample to).`,
      );
    const factor = unitFactor(found.unit, unit);
    if (factor === null)
      throw new FileProblem(
        'other-unit',
        `Channel “${name}” is in ${found.unit}, in the other recordings in ${unit}.`,
      );
    return { track: found.track, column: found.column, factor };
  });
}

/** The tracks of a recording, read ahead, with the rates that the import takes them at. */
export interface TracksToRead {
  ahead: Track[];
  /** The one whose stretches are the recording's, among them. */
  main: Track;
}

export function tracksToRead(
  { signals: { samplingRate } }: ImportOptions,
  { tracks }: Recording,
  picked: readonly PickedChannel[],
): TracksToRead {
  const mainAt = picked[0]!.track;
  const ahead = tracks.map((track, at): Track => ({
    ...track,
    rate: at === mainAt ? (samplingRate ?? track.rate) : track.rate,
    read: readAhead(track),
  }));
  return { ahead, main: ahead[mainAt]! };
}

export interface StoredRows {
  stretches: StoredStretch[];
  /** Hash of all values as they were read. */
  digest: string;
  rows: number;
  /** Null where nobody looked for them. */
  faults: RecordingFaults | null;
}

/**
 * Appends all stretches of a recording to the shard, and prepares them there, as far as that is not done to windows.
 * @param length rows of a window: whole trials are filled up to it
 */
export async function storeStretches(
  request: ReadRequest,
  plan: RecordedPlan,
  length: number,
  path: string,
  recording: Recording,
  picked: readonly PickedChannel[],
  toRate: number | null,
): Promise<StoredRows> {
  const { writer, signal, options, issues } = request;
  const { missing } = options.signals;
  const { cut } = plan;
  const width = picked.length;
  const { ahead, main } = tracksToRead(options, recording, picked);
  const watch = watchRecording(plan.faults, ahead, picked);
  const begin = writer.position;
  const stretches: StoredStretch[] = [];
  const placed: PlacedRows[] = [];
  const hash = createHash('sha256');
  let [row, held] = [0, 0];
  for (const [index, stretch] of main.stretches.entries()) {
    signal.throwIfAborted();
    const rows = rowsOfStretch(ahead, picked, index, toRate, watch);
    const start = row;
    for await (const values of rows.pieces()) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      hash.update(bytes);
      await writer.append(bytes);
      row += values.length / width;
      await breathe();
    }
    const own = row - start;
    placed.push({ start, rows: own });
    if (cut === 'whole' && own < length) {
      const padding = length - own;
      await writer.append(new Uint8Array(4 * width * padding));
      row += padding;
    }
    held += rows.heldCount;
    const { label, columns = {}, seconds } = stretch;
    const bad = missing === 'hold' ? [] : rows.bad;
    const trial = label === undefined ? null : index + 1;
    stretches.push({ start, end: row, rows: own, seconds, label, columns, bad, trial });
  }
  if (missing === 'hold' && held > 0)
    issues.note(path, 'held-values', `${held} missing values were filled with the last known one.`);
  const faults = watch && faultsOf(watch, plan.faults, stretches, plan.written, plan.rate);
  if (faults && plan.faults.badStretches === 'left-out') leaveOutFaulty(stretches, faults);
  const ground = groundInShard(writer, begin, row, placed, width);
  for (const step of partedSteps(plan.steps).recording) {
    signal.throwIfAborted();
    await step.apply(ground);
    await breathe();
  }
  return { stretches, digest: hash.digest('hex'), rows: row, faults };
}
