/** What a change left behind that was cut short before it was published. Nobody reads it, and the next must not either. */
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { WritableProject } from '../../database.ts';
import { readingOf } from './labeled-samples.ts';
import { ROWS_AT_ONCE, type Piece } from './stretches.ts';

export async function clearUnpublished(project: WritableProject, key: number, piece: Piece): Promise<void> {
  await clearLabels(project, key, piece);
  await clearMarks(project, key, piece);
  await clearSearches(project, key, piece);
  await clearSearchesBetween(project, key, piece);
}

/** Versions of labels that no dataset names yet. */
async function clearLabels(project: WritableProject, key: number, piece: Piece): Promise<void> {
  const { version } = readingOf(project, key);
  const { first, last } = project
    .prepare('SELECT min(position) AS first, max(position) AS last FROM labels WHERE dataset_key = ?')
    .get(key) as { first: number | null; last: number | null };
  if (first === null || last === null) return;
  const stretch = 'dataset_key = ? AND position >= ? AND position < ?';
  const open = project.prepare(`UPDATE labels SET until = NULL WHERE ${stretch} AND until > ?`);
  const drop = project.prepare(`DELETE FROM labels WHERE ${stretch} AND version > ?`);
  for (let begin = first; begin <= last; begin += ROWS_AT_ONCE)
    await piece(() => {
      open.run(key, begin, begin + ROWS_AT_ONCE, version);
      drop.run(key, begin, begin + ROWS_AT_ONCE, version);
    });
}

/** Marks of copies that are training samples for all readers, as they are not, or no longer, left out. */
export async function clearMarks(project: WritableProject, key: number, piece: Piece): Promise<void> {
  if (readingOf(project, key).copiesAreOut) return;
  const clear = project.prepare(
    `UPDATE samples SET split = ${SPLIT_CODE.train} WHERE dataset_key = @key AND position IN
       (SELECT position FROM samples WHERE dataset_key = @key AND split = ${LEFT_OUT_CODE} LIMIT ${ROWS_AT_ONCE})`,
  );
  while ((await piece(() => clear.run({ key }).changes)) === ROWS_AT_ONCE);
}

/** Lists of copies that do not count: of searches before the present one, or of one that did not end. */
export async function clearSearches(project: WritableProject, key: number, piece: Piece): Promise<void> {
  // Two ranges of the key: what counts is never walked through.
  for (const beside of ['<', '>'] as const) {
    const clear = project.prepare(
      `DELETE FROM copies WHERE dataset_key = @key AND (search, held_out, training) IN
         (SELECT search, held_out, training FROM copies WHERE dataset_key = @key
            AND search ${beside} (SELECT copy_search FROM datasets WHERE key = @key) LIMIT ${ROWS_AT_ONCE})`,
    );
    while ((await piece(() => clear.run({ key }).changes)) === ROWS_AT_ONCE);
  }
}

/** The same of searches between this dataset, as the one held out, and others. */
export async function clearSearchesBetween(
  project: WritableProject,
  key: number,
  piece: Piece,
): Promise<void> {
  const searches = project
    .prepare('SELECT seen_key AS seen, search FROM copy_searches WHERE held_out_key = ?')
    .all(key) as { seen: number; search: number }[];
  for (const beside of ['<', '>'] as const) {
    const clear = project.prepare(
      `DELETE FROM copies_between WHERE held_out_key = @key AND seen_key = @seen AND (search, held_out, seen) IN
         (SELECT search, held_out, seen FROM copies_between WHERE held_out_key = @key AND seen_key = @seen
            AND search ${beside} @search LIMIT ${ROWS_AT_ONCE})`,
    );
    for (const one of searches)
      while ((await piece(() => clear.run({ key, ...one }).changes)) === ROWS_AT_ONCE);
  }
  const unended = project.prepare('DELETE FROM copy_searches WHERE held_out_key = ? AND search = -1');
  await piece(() => unended.run(key));
}
