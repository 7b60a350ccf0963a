/** Multi-channel signals in delimited text, one recording a file, cut into windows. */
import { basename } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import type { RecordingPlace } from '../../contract/data/recordings/recordings.ts';
import { createIssueList, nothingLeft } from '../reading/issues.ts';
import { PLACING_OPTIONS, tellPlan } from '../reading/placed.ts';
import { SampleTable } from '../reading/sample-table.ts';
import { defineReader, type ReadResult } from '../reading/types.ts';
import { FEWEST_RECORDINGS } from '../splits/groups.ts';
import { textSchema } from '../signals/recorded/options.ts';
import { unitsOf } from '../signals/preparation/plan.ts';
import { previewText } from '../signals/preview-text.ts';
import { inspectSignals } from '../signals/inspect-signals.ts';
import { headsOf, isMostlyNumbers } from '../signals/recognise.ts';
import { readRecording } from '../signals/recording.ts';
import type { RecordingPlan } from '../signals/recording-types.ts';
import { planSignals, SIGNAL_EXTENSIONS } from '../signals/signal-plan.ts';

export const delimitedSignals = defineReader({
  id: 'delimited-signals',
  title: 'Signals in text files (CSV)',
  summary:
    'CSV and other delimited text, plain or .gz, one recording a file; what each column is (time, channel, label, group) is found, and can be chosen.',
  modalities: ['signal'],
  extensions: SIGNAL_EXTENSIONS,
  filesAtOnce: 16,
  heeds: [
    ...PLACING_OPTIONS,
    ...(['text.encoding', 'text.delimiter', 'text.decimal', 'text.headerLine'] as const),
    'signals.kind',
    ...(['signals.samplingRate', 'signals.withoutRate', 'signals.resampleTo', 'signals.uneven'] as const),
    ...(['signals.windowLength'] as const),
    ...(['signals.windowStride', 'signals.missing', 'signals.channels', 'signals.columns'] as const),
    ...(['signals.labelFrom', 'signals.mixedWindows', 'signals.classNames'] as const),
    ...(['signals.labelColumnIndex'] as const),
  ],
  options: textSchema,
  async recognise(listing) {
    const heads = await headsOf(listing, 3);
    return heads.some(isMostlyNumbers) ? 0.6 : 0;
  },
  inspect: inspectSignals,
  async preview(listing, options, own, wish) {
    return previewText(await planSignals(listing, options, own, createIssueList()), options, own, wish);
  },
  async read(request): Promise<ReadResult> {
    const { listing, options, own, issues, progress, signal } = request;
    const found = await planSignals(listing, options, own, issues);
    const { placing, files, plan, prepared, rate, unreadable } = found;
    if (!plan) {
      for (const { path, reason, message } of unreadable) issues.leaveOut(path, reason, message);
      throw nothingLeft(listing.path, 'recordings', issues.all);
    }
    refuseDoubt(
      plan.doubts.find(({ blocking }) => blocking),
      listing.path,
    );
    for (const { code, message } of plan.doubts)
      issues.note(basename(listing.path), code.replace(/^(delimited|recordings)\./, ''), message);
    // Where a column holds the labels, folders are no classes, whatever they are called.
    if (plan.labelFrom === 'file') tellPlan(placing, listing, issues);
    const table = new SampleTable();
    const { windowLength, windowStride = windowLength } = options.signals;
    table.describe = (file, row) => `${file} rows ${row + 1}–${row + windowLength}`;
    const { faults } = own;
    const hashes = new Map<string, string>();
    const recordings: RecordingPlan = { plan, prepared, faults, rate, windowLength, windowStride, hashes };
    const places: RecordingPlace[] = [];
    progress.phase('Reading recordings', files.length);
    for (const { file, place, label, columns } of files) {
      signal.throwIfAborted();
      const recording = {
        file,
        columns,
        folderSplit: place.split,
        folderGroup: place.group,
        label: plan.labelFrom === 'file' ? label : null,
      };
      await readRecording(request, table, recordings, recording, places);
      progress.advance();
    }
    const group = plan.groups.map(({ name }) => name).find((name) => hasEnough(table, name));
    return {
      modality: 'signal',
      shape: [windowLength, prepared.names.length],
      dtype: 'float32',
      table,
      recordings: true,
      places,
      channelNames: prepared.names,
      ...unitsOf(
        prepared,
        plan.channels.map(({ column: { unit } }) => unit),
      ),
      ...(group !== undefined && { group }),
      ...(rate !== null && { samplingRate: rate }),
    };
  },
});

/** Two readings are as good: nothing is stored before the user says which. */
function refuseDoubt(doubt: Doubt | undefined, place: string): void {
  if (doubt)
    throw new PretextError({ code: doubt.code, message: doubt.message, place, remedy: doubt.remedy });
}

/** Fewer groups than splits cannot be kept whole. */
const hasEnough = (table: SampleTable, column: string): boolean =>
  new Set(table.files.map((file) => file.columns[column])).size >= FEWEST_RECORDINGS;
