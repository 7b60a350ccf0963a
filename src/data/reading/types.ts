/** What an import takes and gives, and what a reader has to provide. */
import { z } from 'zod';
import type { SharedOption } from '../../contract/data/import.ts';
import type { PreparationPreview, PreviewWish } from '../../contract/data/recordings/preparation-preview.ts';
import type { ColumnOutline } from '../../contract/data/columns.ts';
import type { Dataset, ImportIssue, ImportOptions, Inspection, Modality } from '../../contract/index.ts';
import type { IssueList } from './issues.ts';
import type { Listing } from './listing.ts';
import type { DataProgress, ProgressMeter } from './progress.ts';
import type { RecordingPlace } from '../../contract/data/recordings/recordings.ts';
import type { SampleTable } from './sample-table.ts';
import type { ShardWriter } from '../shards/writer.ts';

export interface ImportRequest {
  /** Absolute file or folder; `options.path` is not looked at. */
  path: string;
  /** Checked by `importSchema`; `labels` is absolute. */
  options: ImportOptions;
  /** Final path of the shard. It appears there complete or not at all. */
  shardFile: string;
  signal?: AbortSignal;
  onProgress?: (progress: DataProgress) => void;
}

/** One entry a sample in every column. */
export interface ImportedSamples {
  count: number;
  /** Byte offset in the shard; windows of a recording may overlap. */
  offsets: Float64Array;
  /** What a person finds the sample by: "train/cat/7.png", "s1/3.txt rows 1–128". */
  sourceAt(index: number): string;
  /** Class name; null for unlabeled, and where labels are no classes. */
  labelAt(index: number): string | null;
  groupAt(index: number): string | null;
  /** All of them, made when they are asked for: of millions of rows they need more memory than the rows. */
  readonly sources: string[];
  /** Null as a whole when labels are no classes. */
  readonly labels: (string | null)[] | null;
  readonly groups: (string | null)[];
  /** Target numbers, NaN for unlabeled; null as a whole when labels are classes. Of several: how many are known. */
  numbers: Float32Array | null;
  /** Several labels or numbers, row-major [samples, names], NaN for unknown; null where there are none. */
  targets: Float32Array | null;
  /** How much each counts, above 0; null where all count alike. */
  weights: Float32Array | null;
  /** `SPLIT_CODE`: train 0, validation 1, test 2. */
  splits: Uint8Array;
  /** Number of the recording that each sample is a part of; null where samples are no parts of recordings. */
  recordings: Int32Array | null;
}

/** A column by which groups can be taken together, as it has one value in all of a group. */
export interface GroupLevel {
  /** Name of the column. */
  name: string;
  /** The value of each group, by the group's name; groups that have none are not in it. */
  values: ReadonlyMap<string, string>;
}

export interface ImportedDataset extends Pick<
  Dataset,
  | 'modality'
  | 'shape'
  | 'dtype'
  | 'sampleCount'
  | 'labeledCount'
  | 'target'
  | 'classes'
  | 'split'
  | 'channelNames'
  | 'channelUnits'
  | 'samplingRate'
  | 'columns'
  | 'channelStatistics'
  | 'issueCounts'
  | 'bytes'
  | 'importSeconds'
> {
  /** Id of the reader. */
  format: string;
  /** Bytes of one sample: the product of the shape, times 4 for float32. */
  sampleBytes: number;
  samples: ImportedSamples;
  /** By what groups can be taken together. */
  levels: GroupLevel[];
  /** Where its recordings lie; empty where that is found by the samples. */
  places: RecordingPlace[];
  issues: ImportIssue[];
  /** How long copies were looked for among all samples, so that none stand in two splits; null where they were not. */
  copiesSeconds: number | null;
}

/** How a model wants new samples to be stored. */
export interface WantedForm {
  shape: readonly number[];
  dtype: Dataset['dtype'];
  /** Tables: what each number of its rows is. */
  columns?: readonly ColumnOutline[];
}

export interface ReadRequest<Own = unknown> {
  listing: Listing;
  /** The listing is a part of this one, by which is decided what holds for all files. Left out: it is all there is. */
  whole?: Listing;
  options: ImportOptions;
  /** What this reader alone is told, checked by its own schema. */
  own: Own;
  writer: ShardWriter;
  issues: IssueList;
  progress: ProgressMeter;
  signal: AbortSignal;
  /**
   * Samples that a model is to answer: each is read into this form as far as its kind allows, and copies count as any
   * other. Left out: an import, which chooses the form by the files and leaves copies out.
   */
  form?: WantedForm;
}

/** What a reader has read: samples stand in the shard, the table says where and what they are. */
export interface ReadResult {
  modality: Modality;
  shape: number[];
  dtype: Dataset['dtype'];
  table: SampleTable;
  /** Signals: samples of one recording stay together unless a group column says otherwise. */
  recordings: boolean;
  /** Signals: where each recording lies, for whoever looks through it. Left out: it is found by the samples. */
  places?: RecordingPlace[];
  /** The column that the files themselves name as what recordings belong to, where the user names none. */
  group?: string;
  channelNames?: string[];
  /** As the files write them, before any preparation; null where they say nothing. */
  channelUnits?: (string | null)[];
  samplingRate?: number;
  /** Tables: what each number of a row is; it is measured on training rows once they are split. */
  columns?: ColumnOutline[];
}

/** What a reader finds before an import; fields that it does not know are those of nothing found. */
export type Found = Pick<Inspection, 'classes' | 'notes'> &
  Partial<
    Pick<
      Inspection,
      | 'columns'
      | 'exampleRows'
      | 'doubts'
      | 'grid'
      | 'tableColumns'
      | 'folders'
      | 'splits'
      | 'unlabeled'
      | 'labelsFrom'
      | 'signalKind'
      | 'preparation'
    >
  >;

/**
 * One file format, which describes itself: form, command line, schema and words are made from it. Adding one is adding
 * its file (or folder) and a line in readers/registry.ts.
 */
export interface Reader<Own extends z.ZodType = z.ZodType> {
  /** As recipes name it: `image-folder`. */
  id: string;
  /** What a person chooses it by: “IDX files (as MNIST)”. */
  title: string;
  /** What it reads, in a sentence. */
  summary: string;
  /** Kinds of data that may come of it. */
  modalities: readonly Modality[];
  /** Endings of its files, in small letters, without the dot. */
  extensions: readonly string[];
  /** Options of imports that it has a use for; a person who gives it others is told that they do nothing. */
  heeds: readonly SharedOption[];
  /**
   * How many of its files may be read at a time, where each is read without looking at others; a folder too large for
   * memory is then read part by part. Left out: they belong together.
   */
  filesAtOnce?: number;
  /** What it alone is told: fields from `contract/fields.ts`, which make form, flags, help and errors. */
  options: Own;
  /** Its options as versions before wrote them, as they are written now. Left out: they never changed. */
  earlier?(options: Record<string, unknown>): Record<string, unknown>;
  /**
   * From names and the first bytes alone: 1 where these say it (a mark in the file together with its name), 0.9 where
   * the names or the marks do, 0.5 to 0.6 where it may well be and another may know better, 0 where it cannot be.
   * Never throws for what is no such file.
   */
  recognise(listing: Listing): Promise<number>;
  /** What an import would make of it, in a second or two whatever the size. */
  inspect(listing: Listing, options: ImportOptions, own: z.output<Own>): Promise<Found>;
  /** Where it prepares what it reads: a stretch of it, before and after. */
  preview?(
    listing: Listing,
    options: ImportOptions,
    own: z.output<Own>,
    wish: PreviewWish,
  ): Promise<PreparationPreview>;
  /**
   * Appends values to the shard, streamed. What cannot be read becomes an issue (`FileProblem`) and is left out; only
   * what makes the import as a whole impossible is thrown, as a `PretextError`.
   */
  read(request: ReadRequest<z.output<Own>>): Promise<ReadResult>;
}

/** Keeps the types of a reader's own options together, then forgets them for the registry. */
export function defineReader<Own extends z.ZodType = z.ZodObject<Record<never, never>>>(
  reader: Omit<Reader<Own>, 'options'> & {
    /** Left out: it needs no options of its own. */
    options?: Own;
  },
): Reader {
  return { ...reader, options: reader.options ?? z.strictObject({}) } as unknown as Reader;
}
