/** A recording that is open: what its file says of it, and stretches of its values. */

export interface RecordedChannel {
  name: string;
  /** As the file writes it (µV, mmHg, g); null where it says nothing. */
  unit: string | null;
}

/** Rows that follow each other in time: a trial, a case, what lies between two gaps. No window crosses its ends. */
export interface Stretch {
  /** Rows of the track, the end not included. */
  start: number;
  end: number;
  /** Time of its first row, in seconds since the recording's first. */
  seconds: number;
  /** The label that the file gives to it as a whole; null for unlabeled, absent where the file gives none. */
  label?: string | null;
  /** What else the file says of it: a group, a session. */
  columns?: Record<string, string>;
}

/** Channels that were recorded at one rate. */
export interface Track {
  /** Rows a second; null where the file does not say. */
  rate: number | null;
  channels: RecordedChannel[];
  /** Rows of all stretches. */
  length: number;
  stretches: Stretch[];
  /** @returns rows `from` up to `to`, [to − from, channels] in physical units; NaN for values that are missing */
  read(from: number, to: number): Promise<Float32Array>;
}

/** Something that happened: a stimulus, a sleep stage, a beat. */
export interface RecordedEvent {
  /** Seconds since the recording's first row, and how long it lasted; 0 for a moment. */
  seconds: number;
  duration: number;
  name: string;
}

export interface Recording {
  /** "EDF+C", "WFDB 212": the format as its users call it. */
  format: string;
  /** The one with most channels first; every channel stands in one track. */
  tracks: Track[];
  /** In the order of time. */
  events: RecordedEvent[];
  /** Code of the person or machine that was recorded, where the file names one. */
  subject: string | null;
  /** When it began, as the file says: "2009-08-12T16:15:00", without a time zone. */
  start: string | null;
  /** What is odd about the file, yet does not keep it from being read. */
  notes: string[];
  close(): Promise<void>;
}

/** A track without gaps. */
export const oneStretch = (length: number): Stretch[] => [{ start: 0, end: length, seconds: 0 }];

export const byTime = (events: readonly RecordedEvent[]): RecordedEvent[] =>
  [...events].sort((one, other) => one.seconds - other.seconds);
