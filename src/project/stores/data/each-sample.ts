/** All samples of a dataset in their stored order, a chunk at a time: others have their turn in between. */
import type { ReadableProject } from '../../database.ts';

const CHUNK = 20_000;
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

export async function eachSample<Row extends unknown[]>(
  project: ReadableProject,
  asked: { datasetKey: number; count: number; columns: string; from?: string },
  take: (row: Row, position: number) => void,
): Promise<void> {
  const { datasetKey, count, columns, from = 'samples' } = asked;
  const query = project
    .prepare(
      `SELECT ${columns} FROM ${from} WHERE dataset_key = ? AND position >= ? AND position < ? ORDER BY position`,
    )
    .raw();
  for (let first = 0; first < count; first += CHUNK) {
    const rows = query.all(datasetKey, first, first + CHUNK) as Row[];
    rows.forEach((row, index) => take(row, first + index));
    await pause();
  }
}
