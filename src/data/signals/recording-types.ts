/** A recording on its way into the shard. */
import type { ClockWatch } from '../delimited/clock-watch.ts';
import type { Dialect } from '../delimited/dialect.ts';
import type { DelimitedPlan, FileColumns } from '../delimited/plan-types.ts';
import type { RowParser } from '../delimited/row-parser.ts';
import type { ListedFile } from '../reading/listing.ts';
import type { FolderSplit } from '../folders/names.ts';
import type { FaultOptions } from '../../contract/data/recordings/faults.ts';
import type { PreparationPlan } from './preparation/plan.ts';
import type { WatchedRecording } from './recorded/faults.ts';
import type { RowResampler } from './resample.ts';

export interface RecordingPlan {
  plan: DelimitedPlan;
  prepared: PreparationPlan;
  faults: FaultOptions;
  /** Rows a second as they are stored; null where nothing says it. */
  rate: number | null;
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
  /** Null where nobody looks for bad channels. */
  faults: WatchedRecording | null;
  parser: RowParser;
  watch: ClockWatch | null;
  dialect: Dialect;
  columns: FileColumns;
  /** Null where the recording keeps its own rate. */
  resampler: RowResampler | null;
}
