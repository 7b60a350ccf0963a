/** What of a recording is kept for whoever looks through it. */
import type { RecordedMark } from '../../../contract/data/recordings/recordings.ts';

const MOST_MARKS = 50_000;

/** In the order of their rows. */
export const keptMarks = (marks: readonly RecordedMark[]): RecordedMark[] =>
  marks.slice(0, MOST_MARKS).sort((one, other) => one.start - other.start);
