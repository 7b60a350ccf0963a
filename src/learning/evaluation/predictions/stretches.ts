/**
 * From a model's answers for windows of a recording to stretches that each have one class: windows that lie over each
 * other are averaged, a change has to be clear, and what is too short to be one is given to its neighbours. Pure
 * numbers, no tensors.
 */
import type { Smoothing } from '../../../contract/model/stretches.ts';

/** Part of a recording that has one class. */
export interface Stretch {
  /** Seconds since the recording began. */
  start: number;
  end: number;
  classId: number;
  /** Mean probability of its class, weighted by time. */
  probability: number;
}

export interface AnsweredWindows {
  /** Seconds since the recording began, ascending. */
  starts: ArrayLike<number>;
  /** Of every window. */
  seconds: number;
  /** [windows, classes] probabilities, row-major. */
  values: ArrayLike<number>;
  classes: number;
}

/** Time between two neighbouring edges of windows, and the mean answer of all windows that lie over it. */
interface Piece {
  start: number;
  end: number;
  values: Float64Array;
}

/** In the order of time; where no window lies there is no stretch. */
export function stretchesOf(windows: AnsweredWindows, smoothing: Smoothing): Stretch[] {
  const { averageSeconds, margin, minimumSeconds = windows.seconds } = smoothing;
  return runsOf(averaged(windows)).flatMap((pieces) => {
    const smooth = movingMean(pieces, averageSeconds);
    const classIds = decided(smooth, margin);
    return withoutShort(joined(pieces, classIds), smooth, minimumSeconds).map(({ from, to, classId }) => {
      const seconds = pieces[to - 1]!.end - pieces[from]!.start;
      const sum = pieces
        .slice(from, to)
        .reduce((all, { start, end, values }) => all + values[classId]! * (end - start), 0);
      return { start: pieces[from]!.start, end: pieces[to - 1]!.end, classId, probability: sum / seconds };
    });
  });
}

/** Mean answers over time. Edges of windows that ought to be one are not, by as little as floats differ. */
function averaged({ starts, seconds, values, classes }: AnsweredWindows): Piece[] {
  const near = seconds * 1e-6;
  const edges = edgesOf(starts, seconds, near);
  const pieces: Piece[] = [];
  const sum = new Float64Array(classes);
  const add = (window: number, sign: 1 | -1) => {
    for (let id = 0; id < classes; id += 1) sum[id]! += sign * values[window * classes + id]!;
  };
  // Windows `first` to `next` lie over the piece.
  let [first, next] = [0, 0];
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [start, end] = [edges[at]!, edges[at + 1]!];
    while (next < starts.length && starts[next]! <= start + near) add(next++, 1);
    while (first < next && starts[first]! + seconds < end - near) add(first++, -1);
    const count = next - first;
    if (count === 0) sum.fill(0);
    else pieces.push({ start, end, values: sum.map((one) => one / count) });
  }
  return pieces;
}

function edgesOf(starts: ArrayLike<number>, seconds: number, near: number): number[] {
  const all = Array.from(starts)
    .flatMap((start) => [start, start + seconds])
    .sort((a, b) => a - b);
  return all.filter((edge, at) => at === 0 || edge - all[at - 1]! > near);
}

/** Pieces that follow each other without a gap. */
function runsOf(pieces: readonly Piece[]): Piece[][] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last?.at(-1)!.end === piece.start) last.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

/** The mean over so many seconds around the middle of each piece, as far as the run reaches. */
function movingMean(pieces: readonly Piece[], averageSeconds: number): Float64Array[] {
  if (averageSeconds === 0) return pieces.map(({ values }) => values);
  const [begin, finish] = [pieces[0]!.start, pieces.at(-1)!.end];
  // Both only ever go on.
  const [low, high] = [integralOf(pieces), integralOf(pieces)];
  return pieces.map(({ start, end }) => {
    const middle = (start + end) / 2;
    const from = Math.max(begin, middle - averageSeconds / 2);
    const to = Math.min(finish, middle + averageSeconds / 2);
    const below = low(from);
    return high(to).map((sum, id) => (sum - below[id]!) / (to - from));
  });
}

/** The integral of all probabilities up to a time; it is asked for later times only. */
function integralOf(pieces: readonly Piece[]): (time: number) => Float64Array {
  let at = 0;
  const whole = new Float64Array(pieces[0]!.values.length);
  return (time) => {
    for (; at + 1 < pieces.length && pieces[at]!.end <= time; at += 1)
      addTo(whole, pieces[at]!, pieces[at]!.end);
    const sum = whole.slice();
    addTo(sum, pieces[at]!, time);
    return sum;
  };
}

function addTo(sum: Float64Array, { start, values }: Piece, until: number): void {
  for (let id = 0; id < sum.length; id += 1) sum[id]! += values[id]! * (until - start);
}

/**
 * The class of each piece. Another class takes over once it leads by the margin, from where it began to lead: an answer
 * that wavers between two classes changes nothing.
 */
function decided(values: readonly Float64Array[], margin: number): number[] {
  const classIds: number[] = [];
  let now = likeliest(values[0]!);
  let since = 0;
  values.forEach((own, at) => {
    classIds.push(now);
    const best = likeliest(own);
    if (best === now || own[best]! - own[now]! < margin) return;
    let from = at;
    while (from > since && values[from - 1]![best]! > values[from - 1]![now]!) from -= 1;
    classIds.fill(best, from);
    now = best;
    since = from;
  });
  return classIds;
}

const likeliest = (values: Float64Array): number => values.indexOf(Math.max(...values));

interface Part {
  /** Pieces, `to` is not one of them. */
  from: number;
  to: number;
  seconds: number;
  classId: number;
}

const joined = (pieces: readonly Piece[], classIds: readonly number[]): Part[] =>
  joinedParts(
    pieces.map(({ start, end }, at) => ({
      from: at,
      to: at + 1,
      seconds: end - start,
      classId: classIds[at]!,
    })),
  );

function joinedParts(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (last?.classId === part.classId) {
      last.to = part.to;
      last.seconds += part.seconds;
    } else whole.push({ ...part });
  }
  return whole;
}

/**
 * Of two neighbours of a short part, the one whose class is likelier there takes it; those that are shorter than both
 * of their neighbours come first.
 */
function withoutShort(
  parts: readonly Part[],
  values: readonly Float64Array[],
  minimumSeconds: number,
): Part[] {
  // What is as long as it has to be is not short by as little as floats differ.
  const enough = minimumSeconds * (1 - 1e-6);
  const isShort = ({ seconds }: Part, at: number, all: readonly Part[]) =>
    all.length > 1 &&
    seconds < enough &&
    seconds < (all[at - 1]?.seconds ?? Infinity) &&
    seconds <= (all[at + 1]?.seconds ?? Infinity);
  let now = [...parts];
  while (now.some(isShort)) {
    const taken = now.map((part, at) =>
      isShort(part, at, now) ? { ...part, classId: takerOf(part, now[at - 1], now[at + 1], values) } : part,
    );
    now = joinedParts(taken);
  }
  return now;
}

function takerOf(
  { from, to }: Part,
  before: Part | undefined,
  after: Part | undefined,
  values: readonly Float64Array[],
): number {
  if (!before || !after) return (before ?? after)!.classId;
  let lead = 0;
  for (let at = from; at < to; at += 1) lead += values[at]![before.classId]! - values[at]![after.classId]!;
  return lead >= 0 ? before.classId : after.classId;
}
