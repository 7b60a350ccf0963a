/** Parts of a recording that splits may part, for windows that lie anywhere in it. */

/**
 * A part begins with the first window behind the end of the one before, so that windows apart from each other are all
 * kept; -1 for those that overlap with a window of the next part.
 * @param starts first rows of the windows, ascending
 * @param rows how many a part has at least
 */
export function partsOf(starts: ArrayLike<number>, length: number, rows: number): Int32Array {
  const parts = new Int32Array(starts.length);
  let part = 0;
  let begin = starts[0] ?? 0;
  for (let at = 0; at < starts.length; at += 1) {
    const start = starts[at]!;
    if (start >= begin + rows) {
      for (let before = at - 1; before >= 0 && starts[before]! + length > start; before -= 1)
        parts[before] = -1;
      part += 1;
      begin = start;
    }
    parts[at] = part;
  }
  return parts;
}
