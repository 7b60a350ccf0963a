/** Whether two samples are near copies of each other: looked at in full, not by their signatures. */
import { createPlaner, type Plane } from './planes.ts';
import { isPicture, type SampleForm, type Shift } from './signature.ts';

/**
 * Images: least correlation of the grey pictures and of their slopes, at the best move by at most one pixel. Slopes
 * tell two shirts of one cut apart, which look alike as a whole. Signals: least correlation of the windows.
 *
 * Measured on real data (test/bench/cases/copies.ts).
 */
const LEAST_LIKENESS = { image: 0.99, slope: 0.98, signal: 0.99 } as const;

/** Pixels along a side that are looked at: larger pictures are read at even distances. */
const MOST_POSITIONS = 48;

/** Compares one sample after the other with several that are known. */
export interface Comparer {
  /** Takes in the sample that is asked about; the one before is forgotten. */
  ask(bytes: Uint8Array): void;
  /** Takes in a known sample, until `release`. */
  take(bytes: Uint8Array): TakenSample;
  /** The likeness from 0 to 1 of the two, or null when they are no copies. */
  likeness(known: TakenSample): number | null;
  /** Forgets all known samples; their memory is used anew. */
  release(): void;
}

/** A known sample with the sums that every comparison needs. */
export interface TakenSample {
  plane: Plane;
  sum: number;
  squares: number;
  /** Squared slopes of a picture; NaN until they are asked for. */
  slopes: number;
}

/**
 * @param asked form of the samples that are asked about
 * @param known form of those that they are compared with: pictures may differ in size
 */
export function createComparer(asked: SampleForm, known: SampleForm, shifts: readonly Shift[]): Comparer {
  const side = asked.shape.slice(0, 2).map((length, axis) => Math.min(length, known.shape[axis]!));
  const pictures = isPicture(asked);
  const size = side[0]! * (pictures ? side[1]! : asked.shape[1]!);
  const pool: TakenSample[] = [];
  let taken = 0;
  const planes = {
    asked: createPlaner(asked, side),
    known: createPlaner(known, side),
    next(bytes: Uint8Array): TakenSample {
      const sample = (pool[taken++] ??= { plane: new Float64Array(size), sum: 0, squares: 0, slopes: NaN });
      planes.known(bytes, sample.plane);
      return sample;
    },
  };
  const compare = pictures ? comparePictures(side, shifts, size) : compareWindows(size);
  return {
    ask(bytes) {
      planes.asked(bytes, compare.plane);
      compare.begin();
    },
    take(bytes) {
      const sample = planes.next(bytes);
      compare.measure(sample);
      return sample;
    },
    likeness: compare.likeness,
    release: () => void (taken = 0),
  };
}

interface Comparison {
  /** The sample that is asked about. */
  plane: Plane;
  begin(): void;
  measure(known: TakenSample): void;
  likeness(known: TakenSample): number | null;
}

/** Correlation of windows whose channels have mean 0. */
function compareWindows(size: number): Comparison {
  const plane = new Float64Array(size);
  let own = 0;
  return {
    plane,
    begin: () => void (own = squaresOf(plane)),
    measure: (known) => void (known.squares = squaresOf(known.plane)),
    likeness({ plane: other, squares: others }) {
      let both = 0;
      for (let at = 0; at < size; at++) both += plane[at]! * other[at]!;
      const found = own > 0 && others > 0 ? both / Math.sqrt(own * others) : 0;
      return found >= LEAST_LIKENESS.signal ? found : null;
    },
  };
}

function squaresOf(plane: Plane): number {
  let sum = 0;
  for (let at = 0; at < plane.length; at++) sum += plane[at]! ** 2;
  return sum;
}

/**
 * Correlation of pictures and of their slopes at the best move. What concerns one picture alone is summed once; of
 * two pictures, slopes are only looked at where the pictures agree, which they seldom do.
 */
function comparePictures(
  [height = 0, width = 0]: readonly number[],
  shifts: readonly Shift[],
  size: number,
): Comparison {
  const plane = new Float64Array(size);
  const positions = positionsOf(height, width);
  const count = positions.length;
  const moves = Int32Array.from(shifts, ([down, right]) => down * width + right);
  const moveCount = moves.length;
  const [sums, squares] = [new Float64Array(moveCount), new Float64Array(moveCount)];
  const slopes = new Float64Array(moveCount);
  const products = new Float64Array(moveCount);

  const slopesAt = (of: Plane, move: number): number => {
    let sum = 0;
    for (let index = 0; index < count; index++) {
      const at = positions[index]! + move;
      const here = of[at]!;
      const [right, down] = [of[at + 1]! - here, of[at + width]! - here];
      sum += right * right + down * down;
    }
    return sum;
  };
  const slopeLikeness = (known: TakenSample, shift: number): number => {
    const move = moves[shift]!;
    if (Number.isNaN(slopes[shift])) slopes[shift] = slopesAt(plane, move);
    if (Number.isNaN(known.slopes)) known.slopes = slopesAt(known.plane, 0);
    if (!(slopes[shift]! > 0 && known.slopes > 0)) return 0;
    const other = known.plane;
    let both = 0;
    for (let index = 0; index < count; index++) {
      const at = positions[index]!;
      const moved = at + move;
      const [a, b] = [plane[moved]!, other[at]!];
      both +=
        (plane[moved + 1]! - a) * (other[at + 1]! - b) +
        (plane[moved + width]! - a) * (other[at + width]! - b);
    }
    return both / Math.sqrt(slopes[shift]! * known.slopes);
  };

  return {
    plane,
    begin() {
      slopes.fill(NaN);
      for (let shift = 0; shift < moveCount; shift++) {
        let [sum, square] = [0, 0];
        for (let index = 0; index < count; index++) {
          const value = plane[positions[index]! + moves[shift]!]!;
          sum += value;
          square += value * value;
        }
        sums[shift] = sum;
        squares[shift] = square;
      }
    },
    measure(known) {
      let [sum, square] = [0, 0];
      for (let index = 0; index < count; index++) {
        const value = known.plane[positions[index]!]!;
        sum += value;
        square += value * value;
      }
      known.sum = sum;
      known.squares = square;
      known.slopes = NaN;
    },
    likeness(known) {
      multiplyMoved(plane, known.plane, positions, moves, products);
      const varianceB = known.squares - known.sum ** 2 / count;
      let best: number | null = null;
      for (let shift = 0; shift < moveCount; shift++) {
        const sum = sums[shift]!;
        const varianceA = squares[shift]! - sum ** 2 / count;
        if (!(varianceA > 0 && varianceB > 0)) continue;
        const picture = (products[shift]! - (sum * known.sum) / count) / Math.sqrt(varianceA * varianceB);
        if (picture < LEAST_LIKENESS.image || (best !== null && picture <= best)) continue;
        if (slopeLikeness(known, shift) >= LEAST_LIKENESS.slope) best = picture;
      }
      return best;
    },
  };
}

/** Places that are looked at: a border of a pixel, and of one more for slopes, is left out. */
function positionsOf(height: number, width: number): Int32Array {
  const step = Math.max(1, Math.ceil(Math.max(height, width) / MOST_POSITIONS));
  const positions: number[] = [];
  for (let y = 1; y < height - 2; y += step)
    for (let x = 1; x < width - 2; x += step) positions.push(y * width + x);
  return Int32Array.from(positions);
}

/** Sums of products at every move; three moves at a time, as three sums do not wait for each other. */
function multiplyMoved(
  one: Plane,
  other: Plane,
  positions: Int32Array,
  moves: Int32Array,
  products: Float64Array,
): void {
  for (let shift = 0; shift < moves.length; shift += 3) {
    const [first, second, third] = [moves[shift]!, moves[shift + 1] ?? 0, moves[shift + 2] ?? 0];
    let [a, b, c] = [0, 0, 0];
    for (let index = 0; index < positions.length; index++) {
      const at = positions[index]!;
      const value = other[at]!;
      a += one[at + first]! * value;
      b += one[at + second]! * value;
      c += one[at + third]! * value;
    }
    products[shift] = a;
    if (shift + 1 < moves.length) products[shift + 1] = b;
    if (shift + 2 < moves.length) products[shift + 2] = c;
  }
}
