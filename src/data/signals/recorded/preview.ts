/** Shows a stretch of a recording before and after its preparation, by the same steps over the same rows as an import. */
import type { ImportOptions } from '../../../contract/recipe/recipe.ts';
import type {
  PreparationPreview,
  PreviewWish,
} from '../../../contract/data/recordings/preparation-preview.ts';
import { PretextError } from '../../../contract/errors.ts';
import { breathe } from '../../breathe.ts';
import type { Recording, Track } from '../../recordings/recording.ts';
import { ofPreparing } from '../preparation/plan.ts';
import { FILES_NAMED, MOST_STAGED, noPreview, placeOf, stagesOf } from '../preparation/stages.ts';
import type { ApartWindow } from '../preparation/windows-apart.ts';
import { reasonOf, type OpenRecording } from './facts.ts';
import { cutPlanOf, eventsOf } from './events.ts';
import type { RecordedOptions } from './options.ts';
import type { RecordedFiles, RecordedPlan } from './plan.ts';
import { rowsOfStretch } from './rows.ts';
import { windowsOf, type SpanCounts, type StoredStretch } from './spans.ts';
import { pick, rateToReach, tracksToRead, type TracksToRead } from './store.ts';

/** @throws PretextError for what an import would refuse, and `recordings.no-preview` */
export async function previewRecording(
  open: OpenRecording,
  options: ImportOptions,
  own: RecordedOptions,
  { files, plan, unreadable }: RecordedFiles,
  wish: PreviewWish,
): Promise<PreparationPreview> {
  const wanted = files.find(({ file }) => file.path === wish.file)?.file;
  const first = files.find(({ file }) => unreadable.every(({ path }) => path !== file.path))?.file;
  const file = wish.file === undefined ? first : wanted;
  if (!plan || !file)
    throw noPreview(
      wish.file ?? 'the files',
      wish.file === undefined ? 'None of the recordings can be read.' : 'There is no such recording.',
    );
  const doubt = plan.doubts.find(ofPreparing);
  if (doubt) throw new PretextError({ ...doubt, place: 'options.prepare' });
  let recording: Recording | null = null;
  try {
    recording = await open(file.absolute);
    const shown = await show(recording, { plan, options, own }, wish);
    return { file: file.path, files: files.slice(0, FILES_NAMED).map((one) => one.file.path), ...shown };
  } catch (error) {
    if (error instanceof PretextError) throw error;
    throw noPreview(file.path, reasonOf(error, file.path).message);
  } finally {
    await recording?.close();
  }
}

type Shown = Omit<PreparationPreview, 'file' | 'files'>;

async function show(recording: Recording, { plan, options, own }: Told, wish: PreviewWish): Promise<Shown> {
  const toRate = rateToReach(plan, options, recording);
  const picked = pick(plan, recording, toRate !== null);
  const read = tracksToRead(options, recording, picked);
  const ratePerRow = read.main.rate ?? 1;
  const rate = toRate ?? ratePerRow;
  const { at, from, end } = placeOf(read.main.stretches, ratePerRow, wish);
  const allRows = read.main.stretches.reduce((sum, one) => sum + one.end - one.start, 0);
  const mostRows = MOST_STAGED / picked.length / Math.max(1, rate / ratePerRow);
  const isWhole = allRows <= mostRows;
  const part = isWhole ? null : partOf(read, at, from, Math.floor(mostRows));
  const { tracks, stretches } = part ?? { tracks: read.ahead, stretches: read.main.stretches };
  const values: Float32Array[] = [];
  for (const index of stretches.keys()) {
    values.push(await allRowsOf(rowsOfStretch(tracks, picked, index, toRate).pieces()));
  }
  const index = part ? 0 : at;
  const firstRow = Math.round((from - stretches[index]!.seconds) * rate);
  const rows = values[index]!.length / picked.length;
  const to = Math.min(rows, firstRow + Math.max(1, Math.round(wish.seconds * rate)));
  // Of a part, windows lie where they lie in the whole stretch.
  const shift = Math.round((stretches[index]!.seconds - read.main.stretches[at]!.seconds) * rate);
  const stages = await stagesOf(
    {
      stretches: values,
      names: plan.written,
      steps: plan.steps,
      shown: { stretch: index, from: Math.min(firstRow, to), to },
      windows: async () => {
        const found = await windowsOfStretch(recording, read.main, at, rate, { options, own, plan });
        return found
          .map((window) => ({ ...window, start: window.start - shift }))
          .filter(({ start, rows: count }) => start >= 0 && start + count <= rows);
      },
    },
    wish,
  );
  return {
    rate: plan.rate === null ? null : rate,
    from: stretches[index]!.seconds + Math.min(firstRow, rows) / rate,
    seconds: Math.min(wish.seconds, Math.max(0, rows - firstRow) / rate),
    end,
    partOf: part ? rows / rate : null,
    stages,
  };
}

interface Told {
  options: ImportOptions;
  own: RecordedOptions;
  plan: RecordedPlan;
}

/** Windows of one stretch as an import cuts them, from its first row on. */
async function windowsOfStretch(
  recording: Recording,
  main: Track,
  at: number,
  rate: number,
  { options, own, plan }: Told,
): Promise<ApartWindow[]> {
  const ratio = rate / (main.rate ?? 1);
  const stretch = main.stretches[at]!;
  const rows = Math.ceil((stretch.end - stretch.start) * ratio);
  const { seconds, label } = stretch;
  const stored: StoredStretch = {
    start: 0,
    end: rows,
    rows,
    seconds,
    label,
    columns: {},
    bad: [],
    trial: null,
  };
  const next = main.stretches[at + 1]?.seconds ?? Infinity;
  const events = (await eventsOf(recording, plan, own, options)).filter(
    (event) => event.seconds >= seconds - 0.5 / rate && event.seconds < next - 0.5 / rate,
  );
  const length = plan.length ?? rows;
  const counts: SpanCounts = { bad: 0, faulty: 0, outside: 0 };
  const found = windowsOf([stored], events, cutPlanOf(plan, own, options, length), counts);
  return Array.from(found, ({ start }) => ({ start, rows: Math.min(length, rows - start) }));
}

/** So many rows around a moment of one stretch, of every track. */
function partOf({ ahead, main }: TracksToRead, at: number, from: number, mostRows: number) {
  const mainRate = main.rate ?? 1;
  const seconds = mostRows / mainRate;
  const stretch = main.stretches[at]!;
  const length = (stretch.end - stretch.start) / mainRate;
  const offset = Math.max(0, Math.min(from - stretch.seconds - seconds / 2, length - seconds));
  const tracks = ahead.map((track): Track => {
    const own = track.stretches[at];
    if (!own) return { ...track, stretches: [] };
    const rate = track.rate ?? 1;
    const start = Math.min(own.end, own.start + Math.round(offset * rate));
    const end = Math.min(own.end, start + Math.round(seconds * rate));
    return { ...track, stretches: [{ ...own, start, end, seconds: own.seconds + offset }] };
  });
  return { tracks, stretches: tracks[ahead.indexOf(main)]!.stretches };
}

async function allRowsOf(pieces: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const kept: Float32Array[] = [];
  for await (const piece of pieces) {
    kept.push(piece.slice());
    await breathe();
  }
  const whole = new Float32Array(kept.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of kept) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
