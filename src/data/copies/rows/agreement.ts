/** How likely numbers of a column agree by chance: counted among the rows of a sample. */
import { createBend } from './bend.ts';
import { MOST_DIFFERENCE } from './likeness.ts';

/** Pairs of a sample that tell how often two numbers agree. */
const ENOUGH_PAIRS = 32;
const MOST_DOUBLINGS = 40;

/** What numbers of a column are compared by: whole ones as they are, others on their bent scale. */
export const placeOf = (isWhole: boolean, scale: number): ((value: number) => number) =>
  isWhole ? (value) => value : createBend(scale);

/** How much farther than copies two places are apart, in doublings: 0 where they may be those of copies. */
export const doublingsApart = (apart: number, isWhole: boolean): number =>
  Math.max(0, Math.log2(isWhole ? apart + 1 : apart / MOST_DIFFERENCE));

/**
 * The share of pairs that agree as those of copies do, then within twice as much, and so on, as far as all do. Where
 * too few pairs of the sample agree, it is a half of the share that follows.
 *
 * @param ascending known numbers of a column
 */
export function agreementsOf(ascending: Float64Array, isWhole: boolean, scale: number): number[] {
  const pairs = (ascending.length * (ascending.length - 1)) / 2;
  if (pairs === 0) return [1];
  const places = ascending.map(placeOf(isWhole, scale));
  // Whole numbers agree with one of 1, 3, 7, … that lie so near.
  const reachOf = (doubling: number) => (isWhole ? 2 ** doubling - 1 : MOST_DIFFERENCE * 2 ** doubling);
  const widthOf = (doubling: number) => (isWhole ? 2 * reachOf(doubling) + 1 : 2 ** doubling);
  const shares: number[] = [];
  for (let doubling = 0; doubling <= MOST_DOUBLINGS; doubling++) {
    const count = pairsWithin(places, reachOf(doubling));
    if (count < Math.min(ENOUGH_PAIRS, pairs) && doubling < MOST_DOUBLINGS) continue;
    const share = Math.max(count, 1) / pairs;
    for (let few = shares.length; few < doubling; few++)
      shares.push((share * widthOf(few)) / widthOf(doubling));
    shares.push(share);
    if (count === pairs) break;
  }
  return shares;
}

function pairsWithin(ascending: Float64Array, reach: number): number {
  let count = 0;
  for (let at = 0, first = 0; at < ascending.length; at++) {
    while (ascending[at]! - ascending[first]! > reach) first++;
    count += at - first;
  }
  return count;
}
