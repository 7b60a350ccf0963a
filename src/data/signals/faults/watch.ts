/**
 * Looks for flat, clipped, noisy and disconnected channels while rows go by: only what is known of each piece is kept,
 * never the rows.
 */
import type { FaultKind, FaultOptions } from '../../../contract/data/recordings/faults.ts';
import { createCorrelation } from './correlation.ts';
import { createExtremes } from './extremes.ts';

/** A stretch of a channel that is bad. */
export interface Fault {
  kind: FaultKind;
  channel: number;
  stretch: number;
  /** Rows of that stretch, the end not included. */
  start: number;
  end: number;
}

/** A channel that is bad for most of the time. */
export interface BadChannel {
  kind: FaultKind;
  channel: number;
  /** Of its pieces. */
  share: number;
}

export interface FaultsFound {
  faults: Fault[];
  channels: BadChannel[];
  pieces: number;
}

export interface FaultWatch {
  /** Rows that follow those before: `[rows, channels]`. Call `begin` before each stretch. */
  begin(): void;
  take(values: Float32Array): void;
  finish(): FaultsFound;
}

interface Piece {
  stretch: number;
  start: number;
  end: number;
  /** Of each channel. */
  range: Float32Array;
  deviation: Float32Array;
  /** The largest correlation with another channel; null where nobody asked. */
  correlation: Float32Array | null;
}

/** Where nothing says how long a second is. */
const ROWS_WITHOUT_RATE = 256;
const FEWEST_TO_COMPARE = 4;

export function createFaultWatch(options: FaultOptions, channels: number, rate: number | null): FaultWatch {
  const pieceRows = Math.max(2, Math.round((rate ?? ROWS_WITHOUT_RATE) * options.seconds));
  const pieces: Piece[] = [];
  const extremes = options.clippedRows > 0 ? createExtremes(channels, options.clippedRows) : null;
  const correlation = options.disconnected > 0 && channels > 1 ? createCorrelation(channels) : null;
  let [stretch, row, filled] = [-1, 0, 0];
  const low = new Float64Array(channels);
  const high = new Float64Array(channels);
  // Around the first value of the piece, so that an offset costs no digits.
  const first = new Float64Array(channels);
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);

  const endPiece = () => {
    // A short rest says little of itself.
    if (filled * 2 >= pieceRows)
      pieces.push({
        stretch,
        start: row - filled,
        end: row,
        range: Float32Array.from(high, (one, at) => one - low[at]!),
        deviation: Float32Array.from(squares, (one, at) =>
          Math.sqrt(Math.max(0, one / filled - (sum[at]! / filled) ** 2)),
        ),
        correlation: correlation?.end(filled) ?? null,
      });
    else correlation?.end(filled);
    filled = 0;
  };
  const addRow = (values: Float32Array, at: number) => {
    for (let channel = 0; channel < channels; channel += 1) {
      const value = values[at + channel]!;
      if (filled === 0) {
        first[channel] = low[channel] = high[channel] = value;
        sum[channel] = squares[channel] = 0;
      }
      if (value < low[channel]!) low[channel] = value;
      else if (value > high[channel]!) high[channel] = value;
      const apart = value - first[channel]!;
      sum[channel]! += apart;
      squares[channel]! += apart * apart;
    }
    correlation?.add(values, at);
    filled += 1;
    row += 1;
    if (filled === pieceRows) endPiece();
  };
  return {
    begin() {
      endPiece();
      extremes?.begin();
      stretch += 1;
      row = 0;
    },
    take(values) {
      extremes?.take(values);
      for (let at = 0; at < values.length; at += channels) addRow(values, at);
    },
    finish() {
      endPiece();
      return judge(pieces, extremes?.runs() ?? [], options, channels);
    },
  };
}

function judge(
  pieces: readonly Piece[],
  clipped: readonly Omit<Fault, 'kind'>[],
  options: FaultOptions,
  channels: number,
): FaultsFound {
  const medians = Array.from({ length: channels }, (_, channel) =>
    median(pieces.map(({ deviation }) => deviation[channel]!).filter((one) => one > 0)),
  );
  const usual = median(medians.filter((one) => one > 0));
  const faults: Fault[] = [];
  const bad: BadChannel[] = [];
  for (let channel = 0; channel < channels; channel += 1) {
    const isLoud =
      options.noisy > 0 &&
      channels >= FEWEST_TO_COMPARE &&
      usual > 0 &&
      medians[channel]! > options.noisy * usual;
    const rules: [FaultKind, (piece: Piece) => boolean][] = [
      ['flat', ({ range }) => range[channel]! <= options.flat],
      [
        'noisy',
        ({ deviation }) =>
          isLoud || (options.noisy > 0 && deviation[channel]! > options.noisy * medians[channel]!),
      ],
      [
        'disconnected',
        // What is flat is that, and correlates with nothing.
        ({ correlation, range }) =>
          correlation !== null &&
          range[channel]! > options.flat &&
          correlation[channel]! < options.disconnected,
      ],
    ];
    for (const [kind, isBad] of rules) {
      const found = pieces.filter((piece) => isBad(piece));
      for (const { stretch, start, end } of found) addTo(faults, { kind, channel, stretch, start, end });
      if (pieces.length > 0 && found.length > options.share * pieces.length)
        bad.push({ kind, channel, share: found.length / pieces.length });
    }
    const own = clipped.filter((run) => run.channel === channel);
    for (const run of own) addTo(faults, { kind: 'clipped', ...run });
    const touched = pieces.filter((piece) =>
      own.some((run) => run.stretch === piece.stretch && run.start < piece.end && run.end > piece.start),
    );
    if (pieces.length > 0 && touched.length > options.share * pieces.length)
      bad.push({ kind: 'clipped', channel, share: touched.length / pieces.length });
  }
  return { faults, channels: bad, pieces: pieces.length };
}

/** Pieces one after the other are one stretch. */
function addTo(faults: Fault[], { kind, channel, stretch, start, end }: Fault): void {
  const last = faults.at(-1);
  const follows =
    last?.kind === kind && last.channel === channel && last.stretch === stretch && last.end >= start;
  if (follows) last.end = Math.max(last.end, end);
  else faults.push({ kind, channel, stretch, start, end });
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
