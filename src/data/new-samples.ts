/**
 * New samples for a model that was trained: read by the same readers and prepared in the same way as the dataset that
 * it learned from, a part at a time, so that neither memory nor disk grows with their number.
 */
import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bytesOfSample, type SampleType } from '../contract/data/sample-values.ts';
import type { ColumnOutline } from '../contract/data/columns.ts';
import { describeModality, type Modality } from '../contract/data/modality.ts';
import type { ImportIssue, ImportOptions } from '../contract/index.ts';
import { PretextError } from '../contract/errors.ts';
import { togetherSteps } from '../contract/data/harmonise-step.ts';
import type { SampleDescription } from '../contract/data/sample-description.ts';
import type { ModelPreparation } from '../contract/model/model.ts';
import { harmonise } from './harmonise.ts';
import { chooseReader } from './readers/registry.ts';
import { createIssueList, describeFileError } from './reading/issues.ts';
import { listFiles, type ListedFile, type Listing } from './reading/listing.ts';
import { createProgressMeter } from './reading/progress.ts';
import type { Reader, ReadResult } from './reading/types.ts';
import { optionsFor, ownOptionsFor } from './new-options.ts';
import { rowsFor } from './tables/rows-for.ts';
import { ShardWriter } from './shards/writer.ts';
import { openShard } from './shards/reader.ts';
import { measureRecordings } from './shards/recording-scales.ts';
import type { RecordingScales } from '../contract/data/recordings/scales.ts';

/** What the model takes, and how samples come to it. */
export interface Wanted {
  modality: Modality;
  inputShape: readonly number[];
  preparation: ModelPreparation;
  /** What the encoder was told of the samples: the columns of tables. */
  about: SampleDescription;
  /** Recordings: windows over all of each begin so far apart, whatever events it has; left out: as in training. */
  everySeconds?: number | undefined;
}

export interface NewSamplesPlan {
  files: number;
  /** Read one after the other; each by itself. */
  parts: readonly Part[];
  /** Of all files' paths, sizes and times: another where something was added, changed or taken away. */
  fingerprint: string;
  /** What could not be looked into. */
  issues: ImportIssue[];
}

interface Part {
  listing: Listing;
  /** What it is a part of; null where it is all. */
  whole: Listing | null;
  /** What paths of the listing begin from, as it was given. */
  base: string;
  reader: Reader;
}

/** Samples of one part, in the form that the model takes. */
export interface NewSamples {
  shard: string;
  offsets: Float64Array<ArrayBuffer>;
  shape: number[];
  dtype: SampleType;
  recordingScales?: RecordingScales | undefined;
  /** What a person finds each by, from the path that was given on. */
  sources: string[];
  /** Signals of a known rate: seconds from the beginning of the recording; else null. */
  startSeconds: Float64Array | null;
  /** Signals: the recording that each is of, by its path. */
  recordings: string[] | null;
  issues: ImportIssue[];
  /** Deletes them. */
  close(): Promise<void>;
}

/**
 * Looks for the files of all paths, in parts that can be read apart.
 * @param modality of the model: what could be of several kinds is of its own
 * @throws PretextError where a path has no data
 */
export async function planNewSamples(
  paths: readonly string[],
  options: ImportOptions,
  modality: Modality,
  signal: AbortSignal,
): Promise<NewSamplesPlan> {
  const parts: Part[] = [];
  const issues = createIssueList();
  const hash = createHash('sha256');
  let files = 0;
  for (const listing of await listAll(paths, options, modality, signal)) {
    for (const { path: folder, error } of listing.unreadable) {
      const { reason, message } = describeFileError(error, folder);
      issues.leaveOut(folder, reason, message.replace('this file', 'this folder'));
    }
    const reader = await chooseReader(listing, options.format, modality);
    const base = listing.isFile ? dirname(listing.path) : listing.root;
    files += listing.files.length;
    for (const file of listing.files) hash.update(await fingerprintOf(file));
    const atOnce = reader.filesAtOnce ?? listing.files.length;
    const whole = atOnce < listing.files.length ? listing : null;
    for (let first = 0; first < listing.files.length; first += atOnce) {
      const part = partOf(listing, listing.files.slice(first, first + atOnce));
      parts.push({ listing: part, whole, base, reader });
    }
  }
  return { files, parts, fingerprint: hash.digest('hex'), issues: issues.all };
}

/**
 * A listing for each path; but single files that their reader reads apart from each other are put together in one, in
 * the order in which they were given.
 */
async function listAll(
  paths: readonly string[],
  options: ImportOptions,
  modality: Modality,
  signal: AbortSignal,
): Promise<Listing[]> {
  const listings: Listing[] = [];
  const gathered = new Map<Reader, Listing>();
  for (const path of paths) {
    const listing = await listFiles(path, Infinity, signal);
    if (!listing.isFile || paths.length === 1) {
      listings.push(listing);
      continue;
    }
    const reader = await chooseReader(listing, options.format, modality);
    const together = gathered.get(reader);
    const named = listing.files.map(({ absolute }) => ({ path: absolute.replaceAll('\\', '/'), absolute }));
    // Among others a file counts by its name; one that only its content tells is read by itself.
    const isKnown = reader.extensions.some((ending) => path.toLowerCase().endsWith(`.${ending}`));
    if (together && isKnown) together.files.push(...named);
    else {
      const joins = reader.filesAtOnce !== undefined && isKnown;
      const first = joins ? { ...listing, isFile: false, root: '', files: named } : listing;
      if (joins) gathered.set(reader, first);
      listings.push(first);
    }
  }
  return listings;
}

async function fingerprintOf({ absolute }: ListedFile): Promise<string> {
  // A file that is gone meanwhile is told when it is read.
  const found = await stat(absolute).catch(() => null);
  return `${absolute}\0${found?.size}\0${found?.mtimeMs}\n`;
}

const partOf = (listing: Listing, files: ListedFile[]): Listing => ({
  ...listing,
  files,
  unreadable: [],
  emptyFolders: [],
  specialFiles: [],
});

/**
 * Reads one part into a file of that name, which is there until it is closed.
 *
 * @throws PretextError `model.other-kind`, `model.other-channels`, `model.other-rate`, `model.other-depth` where the
 * samples are not such as the model was trained on
 */
export async function readNewSamples(
  { listing, whole, base, reader }: Part,
  wanted: Wanted,
  file: string,
  signal: AbortSignal,
): Promise<NewSamples> {
  const issues = createIssueList();
  const { preparation, everySeconds } = wanted;
  const options = optionsFor(preparation, everySeconds);
  const writer = await ShardWriter.create(file);
  try {
    const read = await readAll(reader, {
      listing,
      ...(whole && { whole }),
      options,
      own: ownOptionsFor(reader, options, everySeconds !== undefined),
      writer,
      issues,
      progress: createProgressMeter(undefined, () => 0),
      signal,
      form: { ...preparation.stored, ...(columnsOf(wanted) && { columns: columnsOf(wanted)! }) },
    });
    if (!read || read.table.count === 0) {
      await writer.discard();
      return emptyPart(wanted, withPaths(issues.all, base));
    }
    if (read.modality === wanted.modality) await asColumns(read, wanted, writer, listing.path);
    requireSuch(read, wanted, listing.path);
    await writer.drain();
    const { table, shape, dtype, modality } = read;
    const offsets = table.offsets.slice(0, table.count);
    const recordingScales = preparation.scaledByRecording
      ? await scalesOf(read, writer.temporaryFile, listing.path, signal)
      : undefined;
    const prepared = await harmonise({
      name: listing.path,
      modality,
      shape,
      dtype,
      shard: writer.temporaryFile,
      offsets,
      targetShape: wanted.inputShape,
      targetDtype: dtype,
      recordingScales,
      steps: togetherSteps(preparation.steps) ?? undefined,
      signal,
    });
    return {
      shard: prepared.shard,
      offsets: new Float64Array(prepared.offsets),
      shape: [...wanted.inputShape],
      dtype,
      // What was brought to another form is scaled already.
      ...(recordingScales && prepared.steps.length === 0 && { recordingScales }),
      sources: Array.from({ length: table.count }, (_, index) => join(base, table.source(index))),
      startSeconds: read.samplingRate
        ? Float64Array.from({ length: table.count }, (_, index) => table.secondsOf(index, read.samplingRate!))
        : null,
      recordings: read.recordings
        ? Array.from({ length: table.count }, (_, index) => join(base, table.fileOf(index).path))
        : null,
      issues: withPaths(issues.all, base),
      async close() {
        if (prepared.shard !== writer.temporaryFile) await rm(prepared.shard, { force: true });
        await writer.discard();
      },
    };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** As the recordings that the model was trained on were scaled. */
async function scalesOf(
  { places = [], shape }: ReadResult,
  file: string,
  place: string,
  signal: AbortSignal,
): Promise<RecordingScales> {
  if (places.length === 0)
    throw new PretextError({
      code: 'model.no-recordings',
      message:
        'The model takes recordings that are scaled by themselves, and these samples are no parts of any.',
      place,
      remedy: 'Give it whole recordings.',
    });
  const reader = await openShard(file);
  try {
    return await measureRecordings(reader, places, shape.at(-1) ?? 1, signal);
  } finally {
    await reader.close();
  }
}

/** What was left out is found by its path, as samples are: folders may hold files of the same names. */
const withPaths = (issues: readonly ImportIssue[], base: string): ImportIssue[] =>
  issues.map((issue) => (issue.severity === 'left-out' ? { ...issue, file: join(base, issue.file) } : issue));

/** Brings rows of a table to the model's columns and codes, in place of those that were read. */
async function asColumns(
  read: ReadResult,
  wanted: Wanted,
  writer: ShardWriter,
  place: string,
): Promise<void> {
  const columns = columnsOf(wanted);
  if (!columns || !read.columns) return;
  // A reader that was told the columns has read them as they are.
  if (wantedAlready(read.columns, columns)) return;
  const map = rowsFor(read.columns, columns, place);
  const { table, shape, dtype } = read;
  const bytesOfOne = bytesOfSample(shape, dtype);
  const rows = new Float32Array(table.count * columns.length);
  const row = new Float32Array(shape[0] ?? 0);
  for (let index = 0; index < table.count; index += 1) {
    await writer.readBack(new Uint8Array(row.buffer, 0, bytesOfOne), table.offsets[index]!);
    rows.set(map(row), index * columns.length);
  }
  await writer.rewind(0);
  await writer.append(new Uint8Array(rows.buffer));
  read.shape = [...wanted.preparation.stored.shape];
  for (let index = 0; index < table.count; index += 1) table.offsets[index] = index * columns.length * 4;
}

/** What new rows are read as: the columns of the dataset that the model was trained on, before all steps. */
const columnsOf = ({ about, preparation }: Wanted) => preparation.columns ?? about.columns;

const wantedAlready = (read: readonly ColumnOutline[], wanted: readonly ColumnOutline[]): boolean =>
  read.length === wanted.length && read.every((column, at) => column === wanted[at]);

/** Null where nothing of the part could be read: its issues say why. */
async function readAll(reader: Reader, request: Parameters<Reader['read']>[0]): Promise<ReadResult | null> {
  try {
    return await reader.read(request);
  } catch (error) {
    if (error instanceof PretextError && error.failure.code === 'dataset.empty') return null;
    throw error;
  }
}

function emptyPart({ inputShape, preparation }: Wanted, issues: ImportIssue[]): NewSamples {
  return {
    shard: '',
    offsets: new Float64Array(0),
    shape: [...inputShape],
    dtype: preparation.stored.dtype,
    sources: [],
    startSeconds: null,
    recordings: null,
    issues,
    close: () => Promise.resolve(),
  };
}

function requireSuch(read: ReadResult, { modality, preparation }: Wanted, place: string): void {
  const { stored, channelNames, samplingRate } = preparation;
  const refuse = (code: string, message: string, remedy: string) => {
    throw new PretextError({ code, message, place, remedy });
  };
  if (read.modality !== modality)
    refuse(
      'model.other-kind',
      `The model answers ${describeModality(modality).sources}, and these are ${describeModality(read.modality).sources}.`,
      'Give it data of the kind that it was trained on.',
    );
  const [found, needed] = [read.shape.at(-1) ?? 1, stored.shape.at(-1) ?? 1];
  if (found !== needed)
    refuse(
      'model.other-channels',
      `The data have ${channelWords(found, read.channelNames)}; the model was trained on ${channelWords(needed, channelNames)}.`,
      'Give it data with the same channels.',
    );
  const names = read.channelNames ?? [];
  const other = channelNames?.findIndex((name, at) => names[at] !== undefined && names[at] !== name) ?? -1;
  if (other >= 0)
    refuse(
      'model.other-channels',
      `Channel ${other + 1} is “${names[other]}”; the model was trained with “${channelNames![other]}” there (${channelNames!.join(', ')}).`,
      'Bring the channels into the same order, with the same names.',
    );
  if (samplingRate !== null && read.samplingRate === undefined)
    refuse(
      'model.no-rate',
      `Nothing says how many samples a second the data hold; the model was trained at ${samplingRate} Hz.`,
      'Add a column of times, as the training data have one.',
    );
  if (samplingRate !== null && Math.abs(read.samplingRate! / samplingRate - 1) > RATE_TOLERANCE)
    refuse(
      'model.other-rate',
      `The data hold ${read.samplingRate} samples a second; the model was trained at ${samplingRate}.`,
      'Resample the data first, or train a model on data that are resampled at import (“resampleTo”), which then holds for all rates.',
    );
  if (read.dtype !== stored.dtype)
    refuse(
      'model.other-depth',
      `The values are stored as ${read.dtype}; those that the model was trained on as ${stored.dtype}.`,
      'Give it data of the same depth: 8 or 16 bits.',
    );
  if (bytesOfSample(read.shape, read.dtype) !== bytesOfSample(stored.shape, stored.dtype))
    refuse(
      'model.other-shape',
      `The samples have the shape ${read.shape.join(' × ')}; the model was trained on ${stored.shape.join(' × ')}.`,
      'Give it data of the same shape.',
    );
}

/** Clocks of recorders differ by less, and rates are often rounded. */
const RATE_TOLERANCE = 0.005;

const channelWords = (count: number, names: readonly string[] | null | undefined) =>
  `${count} ${count === 1 ? 'channel' : 'channels'}${names && names.length <= 12 ? ` (${names.join(', ')})` : ''}`;
