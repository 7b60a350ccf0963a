/**
 * EDF+ files that hold annotations and no signal, as viewers and MNE read them beside a recording (Kemp and Olivan
 * 2003, European data format 'plus').
 */

export interface Annotation {
  /** Seconds since the recording began. */
  onset: number;
  seconds: number;
  text: string;
}

const LABEL = 'EDF Annotations';
/** Two bytes a sample; records of more than 61,440 bytes are not to be. */
const FEWEST_BYTES = 256;
/** A record's own time, which is 0 where records have no length. */
const RECORD_TIME = Buffer.from('+0\x14\x14\0');

/** The whole file. */
export function edfOfAnnotations(annotations: readonly Annotation[]): Buffer {
  const lists = annotations.map(timedText);
  const longest = Math.max(0, ...lists.map(({ length }) => length)) + RECORD_TIME.length;
  const recordBytes = Math.ceil(Math.max(FEWEST_BYTES, longest) / 2) * 2;
  const records: Buffer[][] = [[RECORD_TIME]];
  let used = RECORD_TIME.length;
  for (const list of lists) {
    if (used + list.length > recordBytes) {
      records.push([RECORD_TIME]);
      used = RECORD_TIME.length;
    }
    records.at(-1)!.push(list);
    used += list.length;
  }
  const filled = records.map((parts) => Buffer.concat(parts, recordBytes));
  return Buffer.concat([header(records.length, recordBytes / 2), ...filled]);
}

/** `+onset, duration, text` with the signs that part them. */
function timedText({ onset, seconds, text }: Annotation): Buffer {
  // Signs that part texts, and others that nobody sees, cannot be in one.
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ');
  return Buffer.from(`+${decimal(onset)}\x15${decimal(seconds)}\x14${plain}\x14\0`);
}

/** Microseconds, without an exponent. */
const decimal = (value: number): string => value.toFixed(6).replace(/\.?0+$/, '');

/** Nothing is said of the person, and the day is the one for files that do not tell it. */
function header(records: number, samples: number): Buffer {
  const fields: [text: string | number, width: number][] = [
    ['0', 8],
    ['X X X X', 80],
    ['Startdate X X X X', 80],
    ['01.01.85', 8],
    ['00.00.00', 8],
    [512, 8],
    ['EDF+C', 44],
    [records, 8],
    // A record has no length where no signal is in it.
    [0, 8],
    [1, 4],
    [LABEL, 16],
    ['', 80],
    ['', 8],
    [-1, 8],
    [1, 8],
    [-32_768, 8],
    [32_767, 8],
    ['', 80],
    [samples, 8],
    ['', 32],
  ];
  return Buffer.from(fields.map(([text, width]) => String(text).padEnd(width)).join(''), 'latin1');
}
