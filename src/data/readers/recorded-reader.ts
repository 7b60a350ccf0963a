/** A reader of one format of recordings: all that differs between them is how a file is opened. */
import type { z } from 'zod';
import { basename } from 'node:path';
import type { ArrayChoices } from '../recordings/named-arrays.ts';
import type { Axis } from '../recordings/strided.ts';
import { HEAD_BYTES, isBesideData, recordingFormats, type RecordingFormat } from '../recordings/formats.ts';
import { createIssueList, type IssueList } from '../reading/issues.ts';
import { firstBytes } from '../reading/first-bytes.ts';
import { ACCOMPANYING, type ListedFile, type Listing } from '../reading/listing.ts';
import { PLACING_OPTIONS } from '../reading/placed.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import { defineReader, type Reader } from '../reading/types.ts';
import { fromEarlierOptions, type ArrayOptions, type RecordedOptions } from '../signals/recorded/options.ts';
import { describeRecordings } from '../signals/recorded/inspect.ts';
import { reasonOf } from '../signals/recorded/facts.ts';
import { previewRecording } from '../signals/recorded/preview.ts';
import { planRecordings, type RecordedFiles } from '../signals/recorded/plan.ts';
import { readRecordings } from '../signals/recorded/read.ts';
import { FEWEST_RECORDINGS } from '../splits/groups.ts';

export interface RecordedReader {
  id: RecordingFormat['id'];
  summary: string;
  extensions: readonly string[];
  options: z.ZodType<RecordedOptions | ArrayOptions>;
  /** Where only the name tells it, or where others may know better. */
  certainty?: number;
}

const LOOKED_AT = 3;

export function recordedReader({ id, summary, extensions, options, certainty = 1 }: RecordedReader): Reader {
  const format = recordingFormats.find((one) => one.id === id)!;
  const openWith = (own: RecordedOptions | ArrayOptions) => (path: string) =>
    format.open(path, choicesOf(own));
  return defineReader({
    id,
    title: format.title,
    summary,
    modalities: ['signal'],
    extensions,
    heeds: [
      ...PLACING_OPTIONS,
      'signals.kind',
      ...(['signals.samplingRate', 'signals.withoutRate', 'signals.resampleTo'] as const),
      ...(['signals.windowLength', 'signals.windowStride', 'signals.missing', 'signals.channels'] as const),
      'signals.classNames',
    ],
    // Files beside a recording (samples of a header, marks) are found by their names, wherever they are listed.
    filesAtOnce: 16,
    options,
    earlier: fromEarlierOptions,
    async recognise(listing) {
      const named = listing.files.filter(({ path }) => isNamed(format, path));
      const heads = await Promise.all(
        named.slice(0, LOOKED_AT).map(({ absolute }) => firstBytes(absolute, HEAD_BYTES)),
      );
      const known = heads.filter((head) => head.length > 0 && (format.looksLike?.(head) ?? true));
      if (known.length > 0) return certainty;
      if (!listing.isFile || !format.isUnmistakable) return 0;
      const head = await firstBytes(listing.files[0]!.absolute, HEAD_BYTES);
      return format.looksLike?.(head) ? certainty : 0;
    },
    async inspect(listing, shared, own) {
      const named = await withoutParts(format, filesOf(format, listing, null));
      const issues = createIssueList();
      return describeRecordings(
        await planRecordings(listing, named, openWith(own), shared, own, issues),
        shared,
        listing.path,
      );
    },
    async preview(listing, shared, own, wish) {
      const files = await withoutParts(format, filesOf(format, listing, null));
      const open = openWith(own);
      const plan = await planRecordings(listing, files, open, shared, own, createIssueList());
      return previewRecording(open, shared, own, plan, wish);
    },
    async read(request) {
      const { listing, options: shared, issues, own } = request;
      const open = openWith(own);
      const { whole } = request;
      const mine = filesOf(format, listing, issues);
      const named = await withoutParts(format, whole ? filesOf(format, whole, null) : mine);
      const planned = await planRecordings(whole ?? listing, named, open, shared, own, issues);
      const files = whole ? partOf(planned, mine) : planned;
      const read = await readRecordings(request, own, open, files);
      const group = groupOf(read.table);
      return group === null ? read : { ...read, group };
    },
  });
}

/** What was planned for all files, for some of them. */
function partOf(planned: RecordedFiles, files: readonly ListedFile[]): RecordedFiles {
  const mine = new Set(files.map(({ absolute }) => absolute));
  const paths = new Set(files.map(({ path }) => path));
  return {
    ...planned,
    named: planned.named.filter(({ absolute }) => mine.has(absolute)),
    files: planned.files.filter(({ file }) => mine.has(file.absolute)),
    unreadable: planned.unreadable.filter(({ path }) => paths.has(path)),
  };
}

/** What the files name as what their recordings belong to, where there are enough of them. */
function groupOf({ files }: SampleTable): string | null {
  const names = ['subject', 'patient', 'participant', 'group'];
  const isEnough = (name: string) =>
    new Set(files.map((file) => file.columns[name])).size >= FEWEST_RECORDINGS;
  return names.find((name) => files.some((file) => name in file.columns) && isEnough(name)) ?? null;
}

const isNamed = ({ id, names }: RecordingFormat, path: string): boolean =>
  names.test(path) && !(id === 'numpy' && isBesideData(path));

/** Files of the format by their names; what belongs to none of them is listed as left out. */
function filesOf(format: RecordingFormat, listing: Listing, issues: IssueList | null): ListedFile[] {
  if (listing.isFile) return listing.files;
  return listing.files.filter(({ path }) => {
    if (isNamed(format, path)) return true;
    const name = basename(path);
    const belongs = format.beside?.test(name) || ACCOMPANYING.test(name) || format.names.test(name);
    if (!belongs && !/\.(csv|tsv|txt|json|md|pdf|html?)$/i.test(name))
      issues?.leaveOut(path, 'other-format', `The name is none of ${format.title}.`);
    return false;
  });
}

/** Without those that are parts of another, as a record of several segments has them. */
async function withoutParts(format: RecordingFormat, files: ListedFile[]): Promise<ListedFile[]> {
  if (!format.parts || files.length < 2) return files;
  const parts = new Set<string>();
  for (const { path, absolute } of files)
    try {
      for (const part of await format.parts(absolute)) parts.add(part);
    } catch (error) {
      // It is told when the file is read.
      reasonOf(error, path);
    }
  return files.filter(({ absolute }) => !parts.has(absolute));
}

function choicesOf(own: RecordedOptions | ArrayOptions): ArrayChoices {
  if (!('axes' in own)) return {};
  const { variable, axes, labelVariable: labels, groupVariable: groups } = own;
  return { variable, labels, groups, ...(axes !== 'auto' && { axes: axes.split('-') as Axis[] }) };
}
