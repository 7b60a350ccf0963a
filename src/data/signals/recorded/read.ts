/** Reads the recordings of an import into the shard, each stretch once; windows are offsets into it. */
import { basename } from 'node:path';
import { PretextError } from '../../../contract/errors.ts';
import type { RecordedMark, RecordingPlace } from '../../../contract/data/recordings/recordings.ts';
import { parseTargetNumber } from '../../reading/annotations.ts';
import { breathe } from '../../breathe.ts';
import { isSplitLevel, splitOfName } from '../../folders/names.ts';
import { FileProblem } from '../../problem.ts';
import { nothingLeft } from '../../reading/issues.ts';
import { tellPlan, type PlacedFile } from '../../reading/placed.ts';
import { SampleTable } from '../../reading/sample-table.ts';
import type { ReadRequest, ReadResult } from '../../reading/types.ts';
import type { RecordedEvent, Recording } from '../../recordings/recording.ts';
import { unitsOf } from '../preparation/plan.ts';
import { standApart } from '../preparation/windows-apart.ts';
import { partedSteps } from '../preparation/steps.ts';
import { blockLength } from '../windows.ts';
import { partsOf } from './blocks.ts';
import { tellFaults } from './faults.ts';
import { reasonOf, type OpenRecording } from './facts.ts';
import { cutPlanOf, eventsOf } from './events.ts';
import { keptMarks } from './marks.ts';
import type { RecordedOptions } from './options.ts';
import type { RecordedFiles, RecordedPlan } from './plan.ts';
import { pick, rateToReach, storeStretches, type StoredRows } from './store.ts';
import { windowsOf, type LabeledWindow, type SpanCounts, type StoredStretch } from './spans.ts';

const WINDOWS_AT_ONCE = 20_000;
const MOST_WINDOW = 65_536;

interface Work {
  request: ReadRequest;
  own: RecordedOptions;
  open: OpenRecording;
  plan: RecordedPlan;
  /** Rows of a window. */
  length: number;
  table: SampleTable;
  places: RecordingPlace[];
  /** SHA-256 of the values of every recording so far, with its path. */
  hashes: Map<string, string>;
  /** The files are called after splits, as those of archives are: `…_TRAIN`, `…_TEST`. */
  areNamedSplits: boolean;
}

/** @throws PretextError where nothing can be imported, or where two readings are as good */
export async function readRecordings(
  request: ReadRequest,
  own: RecordedOptions,
  open: OpenRecording,
  { placing, files, plan, unreadable }: RecordedFiles,
): Promise<ReadResult> {
  const { listing, issues, progress, signal } = request;
  if (!plan) {
    for (const { path, reason, message } of unreadable) issues.leaveOut(path, reason, message);
    throw nothingLeft(listing.path, 'recordings', issues.all);
  }
  const [doubt] = plan.doubts.filter(({ blocking }) => blocking);
  if (doubt) {
    const { code, message, remedy } = doubt;
    throw new PretextError({ code, message, place: listing.path, remedy });
  }
  for (const { code, message } of plan.doubts)
    issues.note(basename(listing.path), code.replace('recordings.', ''), message);
  if (plan.labelSource === 'files') tellPlan(placing, listing, issues);
  const table = new SampleTable();
  // Trials that are answered are as long as those that were trained on.
  const length = plan.length ?? request.form?.shape[0] ?? (await longestTrial(files, open, plan));
  table.describe = (file, row) => `${file} rows ${row + 1}–${row + length}`;
  const areNamedSplits = isSplitLevel(files.map(({ file }) => lastWord(file.path)));
  const work: Work = {
    request,
    own,
    open,
    plan,
    length,
    table,
    places: [],
    hashes: new Map(),
    areNamedSplits,
  };
  progress.phase('Reading recordings', files.length);
  for (const file of files) {
    signal.throwIfAborted();
    await readOne(work, file);
    progress.advance();
  }
  return {
    modality: 'signal',
    shape: [length, plan.names.length],
    dtype: 'float32',
    table,
    recordings: true,
    places: work.places,
    channelNames: plan.names,
    ...unitsOf(
      plan,
      plan.channels.map(({ unit }) => unit),
    ),
    ...(plan.rate !== null && { samplingRate: plan.rate }),
  };
}

/** Rows of the longest trial of all files, as it is stored. */
async function longestTrial(
  files: readonly PlacedFile[],
  open: OpenRecording,
  { rate }: RecordedPlan,
): Promise<number> {
  let longest = 1;
  for (const { file } of files) {
    try {
      const { tracks, close } = await open(file.absolute);
      await close();
      const [track] = tracks;
      const ratio = rate === null || !track?.rate ? 1 : rate / track.rate;
      for (const { start, end } of track?.stretches ?? [])
        longest = Math.max(longest, Math.ceil((end - start) * ratio));
    } catch (error) {
      // It is told when it is read.
      reasonOf(error, file.path);
    }
  }
  if (longest <= MOST_WINDOW) return longest;
  throw new PretextError({
    code: 'recordings.long-trials',
    message: `The longest trial has ${longest} rows; a sample has at most ${MOST_WINDOW}.`,
    remedy: 'Cut windows out of the trials (windows: inside), or bring them to a lower rate (resample to).',
  });
}

/** What is wrong with a recording is listed; nothing of it stays in the shard if it gives no window. */
async function readOne(work: Work, placed: PlacedFile): Promise<void> {
  const { writer, issues, signal } = work.request;
  const start = writer.position;
  const { path, absolute } = placed.file;
  let recording: Recording | null = null;
  try {
    recording = await work.open(absolute);
    for (const note of recording.notes) issues.note(path, 'recording', note);
    const added = await store(work, placed, recording, start);
    if (added > 0) return;
    await writer.rewind(start);
    issues.leaveOut(path, 'no-window', noWindow(work, recording));
  } catch (error) {
    signal.throwIfAborted();
    const problem = reasonOf(error, path);
    await writer.rewind(start);
    issues.leaveOut(path, problem.reason, problem.message);
  } finally {
    await recording?.close();
  }
}

function noWindow({ plan: { cut, rate }, length }: Work, { tracks: [track] }: Recording): string {
  const ratio = rate === null || !track?.rate ? 1 : rate / track.rate;
  const rows = Math.floor((track?.length ?? 0) * ratio);
  const where = { around: ', around any of its events', inside: ', inside a labelled stretch' };
  return `No window of ${length} rows fits into the recording of ${rows} rows${cut === 'around' || cut === 'inside' ? where[cut] : ''}. Choose a shorter one.`;
}

/** @returns how many windows it gave */
async function store(work: Work, placed: PlacedFile, recording: Recording, start: number): Promise<number> {
  const { plan, own } = work;
  const { options } = work.request;
  const toRate = rateToReach(plan, options, recording);
  const picked = pick(plan, recording, toRate !== null);
  const { path } = placed.file;
  const stored = await storeStretches(work.request, plan, work.length, path, recording, picked, toRate);
  checkCopy(work, path, stored.digest);
  if (stored.faults) tellFaults(work.request.issues, path, stored.faults, plan.rate);
  const events = await eventsOf(recording, plan, own, options);
  const found = await addWindows(work, placed, recording, stored.stretches, events, start);
  if (found.length === 0) return 0;
  const place = placeOf(work, path, recording, stored, events, start);
  work.places.push(await standApart(work.request.writer, plan, place, found, work.length, plan.rate));
  return found.length;
}

async function addWindows(
  work: Work,
  placed: PlacedFile,
  recording: Recording,
  stretches: StoredStretch[],
  events: readonly RecordedEvent[],
  start: number,
): Promise<LabeledWindow[]> {
  const { table, plan, own, request, length } = work;
  const { options, issues } = request;
  const { path } = placed.file;
  const rowBytes = 4 * plan.names.length;
  const areApart = partedSteps(plan.steps).window.length > 0;
  const { classNames } = options.signals;
  const named = (label: string | null) => (label === null ? null : (classNames?.[label] ?? label));
  const isNumber = options.target === 'number';
  const isEvent = plan.labelSource === 'events' || plan.labelSource === 'marker';
  const counts: SpanCounts = { bad: 0, faulty: 0, outside: 0 };
  const blockRows = blockLength(stretches.at(-1)?.end ?? 0, length, plan.stride);
  const entryOf = entries(work, placed, recording);
  const windows = windowsOf(stretches, events, cutPlanOf(plan, own, options, length), counts);
  const found = [...windows];
  const parts = partsOf(
    found.map(({ start: row }) => row),
    length,
    blockRows,
  );
  for (const [at, { start: row, stretch, label }] of found.entries()) {
    const own =
      isEvent || plan.labelSource === 'trials' ? label : plan.labelSource === 'files' ? placed.label : null;
    table.add({
      offset: start + (areApart ? at * length : row) * rowBytes,
      file: entryOf(stretch),
      row: row - (stretch.trial === null ? 0 : stretch.start),
      label: isNumber ? -1 : table.labelId(isEvent ? own : named(own)),
      number: isNumber ? parseTargetNumber(own, path, issues) : NaN,
      block: parts[at]!,
    });
    if (at % WINDOWS_AT_ONCE === 0) await breathe();
  }
  if (counts.bad > 0)
    issues.leaveOut(
      path,
      'windows-with-missing-values',
      `${counts.bad} windows are left out because values are missing in them.`,
    );
  if (counts.faulty > 0)
    issues.leaveOut(
      path,
      'windows-in-bad-stretches',
      `${counts.faulty} windows are left out because a channel is bad in them.`,
    );
  if (counts.outside > 0)
    issues.note(
      path,
      'events-outside',
      `${counts.outside} events have no whole window within the recording.`,
    );
  return found;
}

function placeOf(
  { plan: { rate } }: Work,
  path: string,
  { start: begun, subject }: Recording,
  { stretches, rows, faults }: StoredRows,
  events: readonly RecordedEvent[],
  start: number,
): RecordingPlace {
  const rowOf = (seconds: number) => {
    const stretch = stretches.findLast((one) => one.seconds <= seconds + 0.5 / (rate ?? 1)) ?? stretches[0]!;
    return Math.min(stretch.end, stretch.start + Math.round((seconds - stretch.seconds) * (rate ?? 1)));
  };
  const happened = events.map(({ seconds, duration, name }): RecordedMark => {
    const from = rowOf(seconds);
    const to = from + Math.round(duration * (rate ?? 1));
    return { kind: 'event', name, channel: null, start: from, end: Math.min(rows, to) };
  });
  const missing = stretches.flatMap((stretch) =>
    stretch.bad.map((bad): RecordedMark => ({
      kind: 'missing',
      name: 'missing values',
      channel: null,
      start: stretch.start + bad.start,
      end: stretch.start + bad.end,
    })),
  );
  return {
    path,
    start,
    rows,
    begun,
    subject,
    stretches: stretches.map(({ start: from, end, seconds }) => ({ start: from, end, seconds })),
    marks: keptMarks([...happened, ...missing, ...(faults?.marks ?? [])]),
  };
}

/** The same values under another name would stand in two splits; what a model is asked about is answered each time. */
function checkCopy({ hashes, request }: Work, path: string, digest: string): void {
  if (request.form) return;
  const first = hashes.get(digest);
  if (first !== undefined)
    throw new FileProblem('duplicate', `The same recording as ${first}, which is kept.`);
  hashes.set(digest, path);
}

/** The entry of a stretch in the table: trials stand for themselves, other stretches with their recording. */
function entries({ table, areNamedSplits }: Work, placed: PlacedFile, { subject }: Recording) {
  const known = new Map<string, number>();
  const { path } = placed.file;
  const { split, group } = placed.place;
  return ({ start, seconds, trial, columns }: StoredStretch): number => {
    const key = trial === null ? JSON.stringify(columns) : String(trial);
    let entry = known.get(key);
    if (entry === undefined) {
      entry = table.addFile({
        path: trial === null ? path : `${path} trial ${trial}`,
        folderSplit: split === -1 && areNamedSplits ? splitOfName(lastWord(path)) : split,
        folderGroup: group,
        columns: { ...(subject !== null && { subject }), ...columns, ...placed.columns },
        times: [],
      });
      known.set(key, entry);
    }
    // Rows of a trial are counted from its own first.
    const row = trial === null ? start : 0;
    const { times = [] } = table.files[entry]!;
    if (times.at(-1)?.row !== row) times.push({ row, seconds: trial === null ? seconds : 0 });
    return entry;
  };
}

/** `TRAIN` of `JapaneseVowels_TRAIN.ts`. */
const lastWord = (path: string): string => {
  const stem = basename(path).replace(/\.[^.]*$/, '');
  return stem.slice(stem.lastIndexOf('_') + 1);
};
