/** What an import takes and gives, and what a reader has to provide. */
import type { Dataset, ImportIssue, ImportOptions, Inspection, Modality } from '../../contract/index.ts';
import type { IssueList } from './issues.ts';
import type { Listing } from './listing.ts';
import type { DataProgress, ProgressMeter } from './progress.ts';
import type { SampleTable } from './sample-table.ts';
import type { ShardWriter } from '../shards/writer.ts';

export type ReaderId = Exclude<ImportOptions['format'], 'auto'>;

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
  sources: string[];
  /** Class name, null for unlabeled; null as a whole when labels are numbers. */
  labels: (string | null)[] | null;
  /** Target numbers, NaN for unlabeled; null as a whole when labels are classes. */
  numbers: Float32Array | null;
  groups: (string | null)[];
  /** `SPLIT_CODE`: train 0, validation 1, test 2. */
  splits: Uint8Array;
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
  | 'samplingRate'
  | 'channelStatistics'
  | 'issueCounts'
  | 'bytes'
  | 'importSeconds'
> {
  format: ReaderId;
  /** Bytes of one sample: the product of the shape, times 4 for float32. */
  sampleBytes: number;
  samples: ImportedSamples;
  issues: ImportIssue[];
  /** How long copies were looked for among all samples, so that none stand in two splits; null where they were not. */
  copiesSeconds: number | null;
}

export interface ReadRequest {
  listing: Listing;
  options: ImportOptions;
  writer: ShardWriter;
  issues: IssueList;
  progress: ProgressMeter;
  signal: AbortSignal;
}

/** What a reader has read: samples stand in the shard, the table says where and what they are. */
export interface ReadResult {
  modality: Modality;
  shape: number[];
  dtype: Dataset['dtype'];
  table: SampleTable;
  /** Signals: samples of one recording stay together unless a group column says otherwise. */
  recordings: boolean;
  /** The column that the files themselves name as what recordings belong to, where the user names none. */
  group?: string;
  channelNames?: string[];
  samplingRate?: number;
}

/** What a reader finds before an import; fields that it does not know are those of nothing found. */
export type Found = Pick<Inspection, 'classes' | 'notes'> &
  Partial<
    Pick<
      Inspection,
      'columns' | 'exampleRows' | 'doubts' | 'grid' | 'folders' | 'splits' | 'unlabeled' | 'labelsFrom'
    >
  >;

/** One file format: adding one is adding a file and a line in readers/registry.ts. */
export interface Reader {
  id: ReaderId;
  title: string;
  /** From 0 (cannot be) to 1 (certain), from names and the first bytes alone. */
  recognise(listing: Listing): Promise<number>;
  inspect(listing: Listing, options: ImportOptions): Promise<Found>;
  read(request: ReadRequest): Promise<ReadResult>;
}
