/** A recording on its way into the shard. */
import type { ClockWatch } from '../delimited/clock-watch.ts';
import type { Dialect } from '../delimited/dialect.ts';
import type { DelimitedPlan, FileColumns } from '../delimited/plan-types.ts';
import type { RowParser } from '../delimited/row-parser.ts';
import type { ListedFile } from '../reading/listing.ts';
import type { FolderSplit } from '../folders/names.ts';
import type { RowResampler } from './resample.ts';

export interface RecordingPlan {
  plan: DelimitedPlan;
  windowLength: number;
  windowStride: number;
  /** SHA-256 of the text of every recording so far, with its path. */
  hashes: Map<string, string>;
}

export interface RecordingFile {
  file: ListedFile;
  columns: Record<string, string>;
  folderSplit: FolderSplit;
  folderGroup: string | null;
  /** The whole file's label. */
  label: string | null;
}

/** A recording as it stands in the shard. */
export interface StoredRecording {
  parser: RowParser;
  watch: ClockWatch | null;
  dialect: Dialect;
  columns: FileColumns;
  /** Null where the recording keeps its own rate. */
  resampler: RowResampler | null;
}
