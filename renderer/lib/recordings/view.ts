/** Which part of a recording is seen: a column of the picture for so many rows, a power of two. */

/** Columns of a tile. */
export const TILE_COLUMNS = 128;
const MOST_ROWS_PER_COLUMN = 1 << 20;

export interface View {
  /** The first row that is seen; may lie between two. */
  from: number;
  rowsPerColumn: number;
}

/** Rows that fit into the picture. */
export const rowsSeen = ({ rowsPerColumn }: View, width: number): number => rowsPerColumn * width;

/** Within the recording; one shorter than the picture begins at its left. */
export function within({ from, rowsPerColumn }: View, rows: number, width: number): View {
  const latest = Math.max(0, rows - rowsPerColumn * width);
  return { from: Math.min(latest, Math.max(0, from)), rowsPerColumn };
}

/** Twice as near, or twice as far, about the middle of the picture. */
export function zoomed(view: View, by: 1 | -1, rows: number, width: number): View {
  const next = by === 1 ? view.rowsPerColumn / 2 : view.rowsPerColumn * 2;
  const least = Math.max(1, 2 ** Math.ceil(Math.log2(Math.max(1, rows / Math.max(1, width)))));
  const rowsPerColumn = Math.min(MOST_ROWS_PER_COLUMN, Math.max(1, Math.min(least, next)));
  const middle = view.from + rowsSeen(view, width) / 2;
  return within({ from: middle - (rowsPerColumn * width) / 2, rowsPerColumn }, rows, width);
}

/** The view that shows about so many rows. */
export const viewOf = (from: number, rowsWanted: number, rows: number, width: number): View =>
  within(
    {
      from,
      rowsPerColumn: Math.max(1, 2 ** Math.round(Math.log2(Math.max(1, rowsWanted / Math.max(1, width))))),
    },
    rows,
    width,
  );

/** Numbers of the tiles that are seen, and one more on each side. */
export function tilesOf({ from, rowsPerColumn }: View, rows: number, width: number): number[] {
  const tileRows = rowsPerColumn * TILE_COLUMNS;
  const first = Math.max(0, Math.floor(from / tileRows) - 1);
  const last = Math.min(
    Math.ceil(rows / tileRows) - 1,
    Math.floor((from + rowsPerColumn * width) / tileRows) + 1,
  );
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}

/** Where the middle of a channel lies and how far it reaches, for a lane of one unit. */
export interface Lane {
  middle: number;
  reach: number;
}

/** From columns of a picture: the median of what channels do in a column, so that single peaks do not make all else flat. */
export function lanesOf(values: Float32Array, channels: number): Lane[] {
  const columns = values.length / channels / 2;
  return Array.from({ length: channels }, (_, channel) => {
    const [middles, reaches]: [number[], number[]] = [[], []];
    for (let column = 0; column < columns; column += 1) {
      const at = (column * channels + channel) * 2;
      const [low, high] = [values[at]!, values[at + 1]!];
      if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
      middles.push((low + high) / 2);
      reaches.push((high - low) / 2);
    }
    const middle = medianOf(middles);
    const spread = medianOf(middles.map((one) => Math.abs(one - middle)));
    return { middle, reach: Math.max(1e-12, medianOf(reaches) + spread) };
  });
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

/** Seconds as hours, minutes and seconds; of a recording without a rate rows. */
export function timeWords(row: number, rate: number | null, digits = 1): string {
  if (rate === null) return `row ${Math.round(row) + 1}`;
  // Rounded before it is parted: 59.97 s are one minute, not 0:60.
  const seconds = Number((row / rate).toFixed(digits));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const rest = (seconds % 60).toFixed(digits).padStart(digits > 0 ? 3 + digits : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
