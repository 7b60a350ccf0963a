/** Imports files into a shard: read, grouped, split, checked, measured; all or nothing. */
import { statisticsOfColumns } from '../contract/data/columns.ts';
import { isConstantChannel } from '../contract/data/recordings/channels.ts';
import { bytesOfSample } from '../contract/data/sample-values.ts';
import { PretextError } from '../contract/errors.ts';
import { describeModality } from '../contract/data/modality.ts';
import { SPLIT_CODE } from '../contract/data/splits/split.ts';
import { isSeveral, type Target } from '../contract/data/target.ts';
import { strataOfNumbers } from './splits/draw.ts';
import { strataOfTargets } from './splits/several-strata.ts';
import { assertContentDisjoint } from './shards/content-check.ts';
import { groupCopies } from './copies/find.ts';
import { SEARCH_PHASES, type Watch } from './copies/search.ts';
import type { SampleForm } from './copies/signature.ts';
import { groupLevels } from './splits/levels.ts';
import { folderGroups, groupSamples, type Grouping } from './splits/groups.ts';
import { createIssueList, describeFileError, nothingLeft, type IssueList } from './reading/issues.ts';
import { listFiles, naturalOrder, systemWords } from './reading/listing.ts';
import { createProgressMeter } from './reading/progress.ts';
import { kept } from './shards/kept.ts';
import { breathe } from './breathe.ts';
import { chooseReader, readers } from './readers/registry.ts';
import { otherFormats } from './reading/other-formats.ts';
import { ownOptions, unheededOptions } from './reading/own-options.ts';
import type { SampleTable } from './reading/sample-table.ts';
import {
  knownCounts,
  requireLabelColumns,
  severalTargets,
  type SeveralTargets,
} from './reading/several-targets.ts';
import { ShardWriter } from './shards/writer.ts';
import { openShard } from './shards/reader.ts';
import {
  assertDisjoint,
  defaultRule,
  filesToPart,
  samplesToDraw,
  splitSamples,
  type SplitResult,
} from './splits/splits.ts';
import { channelStatistics } from './shards/statistics.ts';
import { describeColumns } from './tables/describe.ts';
import type { ImportedDataset, ImportedSamples, ImportRequest, ReadResult } from './reading/types.ts';

/**
 * Imports what lies at `path` into `shardFile`. On failure or abort no file stays.
 * @throws PretextError for anything the user can mend; the signal's reason when aborted
 */
export async function importDataset(request: ImportRequest): Promise<ImportedDataset> {
  const started = performance.now();
  const signal = request.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const { options } = request;
  requireLabelColumns(options, request.path);
  const issues = createIssueList();
  const progress = createProgressMeter(request.onProgress, () => issues.leftOutCount);
  progress.phase('Looking at the files', null);
  const listing = await listFiles(request.path, Infinity, signal);
  listUnreadable(listing, issues);
  const left = systemWords(listing);
  if (left) issues.note('', 'system-files', left);
  const reader = await chooseReader(listing, options.format);
  const own = ownOptions(reader, options);
  for (const option of unheededOptions(reader, options))
    issues.note('', 'unused-option', `${option} does nothing here: “${reader.title}” has no use for it.`);
  for (const { message } of otherFormats(listing, reader, readers, options.labels))
    issues.note('', 'other-formats', message);
  const writer = await ShardWriter.create(request.shardFile);
  try {
    const read = await reader.read({ listing, options, own, writer, issues, progress, signal });
    signal.throwIfAborted();
    const { table } = read;
    if (table.count === 0) {
      throw nothingLeft(request.path, describeModality(read.modality).sources, issues.all);
    }
    progress.phase('Dividing into splits', null);
    const rule = options.split ?? defaultRule(table);
    const group = options.group ?? read.group;
    const byFolder = group === undefined ? folderGroups(table, rule.by) : null;
    if (byFolder?.why) issues.note('', 'folder-groups', byFolder.why);
    const isFree = group === undefined && !byFolder?.grouping && read.recordings === true;
    const parted = isFree ? filesToPart(table, rule) : null;
    if (parted) leaveOutStraddling(table, parted, issues);
    await breathe();
    const grouping = byFolder?.grouping ?? groupSamples(table, group, read.recordings, parted !== null);
    const several = isSeveral(options.target) ? severalTargets(table, options, issues, request.path) : null;
    const strata = several
      ? strataOfTargets(several, options.target as 'labels' | 'numbers')
      : options.target === 'number'
        ? strataOfNumbers(table.numbers.subarray(0, table.count))
        : table.labels.subarray(0, table.count);
    await breathe();
    const form = { modality: read.modality, shape: read.shape, dtype: read.dtype };
    const found = await copiesToKeep(writer, form, table, samplesToDraw(table, rule, strata, grouping), {
      signal,
      onProgress: (step, done, total) => progress.at(SEARCH_PHASES[step], done, total),
    });
    const split = splitSamples(table, rule, strata, grouping, found.roots);
    if (!split.codes.includes(SPLIT_CODE.train)) throw noTraining(request.path, split);

    const sampleBytes = bytesOfSample(read.shape, read.dtype);
    const offsets = table.offsets.subarray(0, table.count);
    await breathe();
    assertDisjoint(offsets, sampleBytes, split.grouping, split.codes);
    await writer.drain();
    progress.phase('Measuring values', null);
    const measured = await measure(writer.temporaryFile, read, offsets, sampleBytes, split, signal);
    noteConstantChannels(measured.channelStatistics, read, issues);
    signal.throwIfAborted();
    await writer.finish();
    progress.flush();
    return await describe(request, read, several, split, offsets, sampleBytes, measured, issues, {
      format: reader.id,
      bytes: writer.position,
      copiesSeconds: rule.by === 'random' ? found.seconds : null,
      started,
    });
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

function listUnreadable(listing: Awaited<ReturnType<typeof listFiles>>, issues: IssueList): void {
  for (const { path, error } of listing.unreadable) {
    const { reason, message } = describeFileError(error, path);
    issues.leaveOut(path, reason, message.replace('this file', 'this folder'));
  }
  for (const path of listing.specialFiles)
    issues.leaveOut(path, 'no-file', 'This is a pipe, a socket or a device, not a file.');
  for (const path of listing.emptyFolders) {
    issues.leaveOut(path, 'folder', 'This is an empty folder, though its name ends like a file’s.');
  }
}

/** For each sample the first of its copies among those that are drawn; null where nothing is to be kept together. */
async function copiesToKeep(
  writer: ShardWriter,
  form: SampleForm,
  table: SampleTable,
  drawn: Int32Array,
  watch: Watch,
): Promise<{ roots: Int32Array | null; seconds: number | null }> {
  if (drawn.length === 0) return { roots: null, seconds: null };
  const started = performance.now();
  await writer.drain();
  // Of millions of samples each copy of a column is felt: where all are drawn, the table's own does.
  const offsets =
    drawn.length === table.count
      ? table.offsets.subarray(0, table.count)
      : Float64Array.from(drawn, (index) => table.offsets[index]!);
  const groups = await groupCopies({ ...form, shardFile: writer.temporaryFile, offsets }, watch);
  const roots = Int32Array.from({ length: table.count }, (_, index) => index);
  drawn.forEach((index, place) => (roots[index] = drawn[groups[place]!]!));
  return { roots, seconds: (performance.now() - started) / 1000 };
}

/** What is measured on training samples: tables are measured by column. */
type Measured = Pick<ImportedDataset, 'channelStatistics' | 'columns'>;

async function measure(
  file: string,
  read: ReadResult,
  offsets: Float64Array,
  sampleBytes: number,
  split: SplitResult,
  signal: AbortSignal,
): Promise<Measured> {
  const shard = await openShard(file);
  try {
    if (read.dtype !== 'float32')
      await assertContentDisjoint(shard, offsets, sampleBytes, split.codes, signal);
    const training = kept(offsets, (_, index) => split.codes[index] === SPLIT_CODE.train);
    if (read.columns) {
      const columns = await describeColumns(shard, training, read.columns, signal);
      return { columns, channelStatistics: statisticsOfColumns(columns) };
    }
    const channels = read.shape[read.shape.length - 1] ?? 1;
    return {
      channelStatistics: await channelStatistics(shard, training, sampleBytes, channels, read.dtype, signal),
    };
  } finally {
    await shard.close();
  }
}

/** Images may well have a channel of one colour; a sensor that says nothing should be known. */
function noteConstantChannels(
  { mean, standardDeviation }: ImportedDataset['channelStatistics'],
  { channelNames, table }: ReadResult,
  issues: IssueList,
): void {
  for (const [channel, name] of (channelNames ?? []).entries())
    if (isConstantChannel(mean[channel]!, standardDeviation[channel]!))
      issues.note(
        table.files[0]?.path ?? '',
        'constant-channel',
        `Channel ${name} is ${mean[channel]} in all training samples: it tells nothing, and is left as it is.`,
      );
}

/** Windows across the border of two stretches of a recording would stand in two splits. */
function leaveOutStraddling(table: SampleTable, parted: ReadonlySet<number>, issues: IssueList): void {
  let kept = 0;
  for (let index = 0; index < table.count; index += 1) {
    if (table.blocks[index] === -1 && parted.has(table.fileIds[index] ?? 0)) continue;
    for (const column of [
      table.offsets,
      table.fileIds,
      table.rows,
      table.labels,
      table.numbers,
      table.blocks,
    ]) {
      column[kept] = column[index] ?? 0;
    }
    kept += 1;
  }
  const dropped = table.count - kept;
  table.count = kept;
  if (dropped > 0) {
    issues.note(
      table.files[0]?.path ?? '',
      'windows-between-splits',
      `${dropped} windows are left out because they would overlap with windows of another split.`,
    );
  }
}

function noTraining(path: string, split: SplitResult): PretextError {
  return new PretextError({
    code: 'split.no-training',
    message: `No sample is left for training (split ${split.by}).`,
    place: path,
    remedy: 'Change the split so that some samples are training data.',
  });
}

async function describe(
  request: ImportRequest,
  read: ReadResult,
  several: SeveralTargets | null,
  split: SplitResult,
  offsets: Float64Array,
  sampleBytes: number,
  measured: Measured,
  issues: IssueList,
  facts: Pick<ImportedDataset, 'format' | 'bytes' | 'copiesSeconds'> & { started: number },
): Promise<ImportedDataset> {
  const { table } = read;
  const { grouping } = split;
  const samples = columnsOf(request, read, several, offsets, split);
  const count = (code: number) => split.codes.reduce((sum, found) => sum + (found === code ? 1 : 0), 0);
  const { numbers } = samples;
  const labeled = (index: number) =>
    numbers ? !Number.isNaN(numbers[index]) : (table.labels[index] ?? -1) >= 0;
  const labels = [0, 0, 0];
  for (let index = 0; index < table.count; index += 1) if (labeled(index)) labels[split.codes[index]!]! += 1;
  const [train = 0, validation = 0, test = 0] = labels;
  const levels = groupLevels(table, grouping, subjectsOf(read));
  const classes = several
    ? countsOfTargets(several, request.options.target, split.codes)
    : numbers
      ? []
      : classesOf(table, split.codes);
  return {
    format: facts.format,
    bytes: facts.bytes,
    importSeconds: (performance.now() - facts.started) / 1000,
    modality: read.modality,
    shape: read.shape,
    dtype: read.dtype,
    sampleBytes,
    sampleCount: table.count,
    labeledCount: train + validation + test,
    target: request.options.target,
    classes,
    split: {
      rule: split.rule,
      by: split.by,
      train: count(SPLIT_CODE.train),
      validation: count(SPLIT_CODE.validation),
      test: count(SPLIT_CODE.test),
      groups: countGroups(grouping),
      ...(countGroups(grouping) > 0 && { trainingGroups: countTrainingGroups(split) }),
      ...(levels.length > 0 && {
        levels: levels.map(({ name, values }) => ({ name, groups: new Set(values.values()).size })),
      }),
      labeled: { train, validation, test },
      ...(grouping.copies && { copies: grouping.copies }),
    },
    copiesSeconds: facts.copiesSeconds,
    ...(read.channelNames ? { channelNames: read.channelNames } : {}),
    ...(read.channelUnits ? { channelUnits: read.channelUnits } : {}),
    ...(read.samplingRate === undefined ? {} : { samplingRate: read.samplingRate }),
    ...measured,
    issueCounts: { leftOut: issues.leftOutCount, noted: issues.all.length - issues.leftOutCount },
    issues: issues.all,
    samples,
    levels,
    places: read.places ?? [],
  };
}

/** By the path of their file. */
const subjectsOf = ({ places = [] }: ReadResult) =>
  new Map(places.flatMap(({ path, subject }) => (subject ? [[path, subject] as const] : [])));

/** Sets of copies are no groups of the user's. */
function countGroups({ ids, description }: Grouping): number {
  return ids && description !== null ? new Set(ids).size : 0;
}

function countTrainingGroups({ grouping, codes }: SplitResult): number {
  const found = new Set<number>();
  grouping.ids?.forEach((id, index) => {
    if (codes[index] === SPLIT_CODE.train) found.add(id);
  });
  return found.size;
}

/** Text for every sample is made when it is asked for: there may be millions of them. */
function columnsOf(
  request: ImportRequest,
  { table, recordings }: ReadResult,
  several: SeveralTargets | null,
  offsets: Float64Array,
  split: SplitResult,
): ImportedSamples {
  const { grouping } = split;
  const isNumber = request.options.target !== 'classes';
  const all = <T>(valueAt: (index: number) => T) =>
    Array.from({ length: table.count }, (_, index) => valueAt(index));
  const sourceAt = (index: number) => table.source(index);
  const labelAt = (index: number) =>
    isNumber ? null : (table.labelNames[table.labels[index] ?? -1] ?? null);
  const groupAt = (index: number) => (grouping.ids && grouping.names.at(grouping.ids[index]!)) ?? null;
  const numbers = several ? knownCounts(several) : isNumber ? table.numbers.slice(0, table.count) : null;
  return {
    count: table.count,
    offsets,
    sourceAt,
    labelAt,
    groupAt,
    get sources() {
      return all(sourceAt);
    },
    get labels() {
      return isNumber ? null : all(labelAt);
    },
    get groups() {
      return all(groupAt);
    },
    numbers,
    targets: several?.values ?? null,
    weights: table.weights?.slice(0, table.count) ?? null,
    splits: split.codes,
    recordings: recordings ? table.fileIds.slice(0, table.count) : null,
  };
}

/** Samples of each split that have a label, or whose number is known. */
function countsOfTargets(
  { names, values }: SeveralTargets,
  target: Target,
  codes: Uint8Array,
): ImportedDataset['classes'] {
  return names.map((name, at) => {
    const counts = [0, 0, 0];
    codes.forEach((code, index) => {
      const value = values[index * names.length + at]!;
      if (target === 'labels' ? value === 1 : !Number.isNaN(value)) counts[code] = (counts[code] ?? 0) + 1;
    });
    const [train = 0, validation = 0, test = 0] = counts;
    return { name, train, validation, test };
  });
}

function classesOf(table: SampleTable, codes: Uint8Array): ImportedDataset['classes'] {
  const counts = table.labelNames.map(() => [0, 0, 0]);
  for (let index = 0; index < table.count; index += 1) {
    const ofClass = counts[table.labels[index] ?? -1];
    const code = codes[index] ?? 0;
    if (ofClass) ofClass[code] = (ofClass[code] ?? 0) + 1;
  }
  return table.labelNames
    .map((name, id) => ({
      name,
      train: counts[id]?.[SPLIT_CODE.train] ?? 0,
      validation: counts[id]?.[SPLIT_CODE.validation] ?? 0,
      test: counts[id]?.[SPLIT_CODE.test] ?? 0,
    }))
    .filter((entry) => entry.train + entry.validation + entry.test > 0)
    .sort((first, second) => naturalOrder(first.name, second.name));
}
