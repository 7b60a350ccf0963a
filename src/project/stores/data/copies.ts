/** Copies across splits: what a search found, and training samples left out for it. */
import { eq } from 'drizzle-orm';
import type { CopyPair, Dataset } from '../../../contract/entities.ts';
import { PretextError } from '../../../contract/errors.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { getDataset } from './datasets.ts';
import { timestamp } from '../../identity.ts';
import { labeledSampleReader, readingOf } from './labeled-samples.ts';
import { changeInPieces, eachInPieces } from './pieces.ts';
import { shiftCounts, shiftsOfKinds, type Counts } from './sample-counts.ts';
import { targetShifts } from './target-counts.ts';
import { readSample } from './samples.ts';
import { ROWS_AT_ONCE, type Piece } from './stretches.ts';
import { clearMarks, clearSearches } from './unpublished.ts';
import { datasetTable } from '../../schema.ts';

/** A pair by the positions of its samples. */
export interface StoredCopy {
  heldOut: number;
  training: number;
  exact: boolean;
  likeness: number;
}

/** Writes what was found in place of what was found before; training samples that were left out for that are back. */
export function saveCopies(
  project: WritableProject,
  datasetId: string,
  pairs: readonly StoredCopy[],
  seconds: number,
): Promise<Dataset> {
  return changeInPieces(project, datasetId, async (piece) => {
    await bringBack(project, datasetId, piece);
    const { key, dataset } = getDataset(project, datasetId);
    const search = searchInForce(project, key) + 1;
    const insert = project.connection.prepare(
      'INSERT INTO copies (dataset_key, search, held_out, training, exact, likeness) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const read = labeledSampleReader(project, key, readingOf(project, key));
    const isNew = firstTimes(dataset.sampleCount);
    const found = { heldOut: 0, test: 0, training: 0 };
    await eachInPieces(piece, pairs, ({ heldOut, training, exact, likeness }) => {
      insert.run(key, search, heldOut, training, exact ? 1 : 0, likeness);
      if (isNew('training', training)) found.training += 1;
      if (!isNew('heldOut', heldOut)) return;
      found.heldOut += 1;
      const sample = read(heldOut);
      if (sample?.importedSplit === SPLIT_CODE.test && sample.leftOut === 0) found.test += 1;
    });
    const saved = await piece(() => {
      project.connection.prepare('UPDATE datasets SET copy_search = ? WHERE key = ?').run(search, key);
      return setCopies(project, datasetId, { checkedAt: timestamp(), seconds, ...found, leftOutAt: null });
    });
    await clearSearches(project, key, piece);
    return saved;
  });
}

const searchInForce = (project: ReadableProject, key: number) =>
  project.prepare('SELECT copy_search FROM datasets WHERE key = ?').pluck().get(key) as number;

/** Whether a sample is named for the first time, as one or the other. A byte a sample. */
function firstTimes(sampleCount: number) {
  const bits = { heldOut: 1, training: 2 };
  const named = new Uint8Array(sampleCount);
  return (role: keyof typeof bits, position: number): boolean => {
    if ((named[position]! & bits[role]) !== 0) return false;
    named[position]! |= bits[role];
    return true;
  };
}

export function readCopyPage(
  project: ReadableProject,
  datasetId: string,
  { offset, limit }: { offset: number; limit: number },
): { total: number; pairs: CopyPair[] } {
  const { key, dataset } = getDataset(project, datasetId);
  const search = searchInForce(project, key);
  const classNames = dataset.classes.map(({ name }) => name);
  const total = project
    .prepare('SELECT count(*) FROM copies WHERE dataset_key = ? AND search = ?')
    .pluck()
    .get(key, search) as number;
  const rows = project
    .prepare(
      `SELECT held_out, training, exact, likeness FROM copies WHERE dataset_key = ? AND search = ?
       ORDER BY likeness DESC, held_out, training LIMIT ? OFFSET ?`,
    )
    .all(key, search, limit, offset) as {
    held_out: number;
    training: number;
    exact: number;
    likeness: number;
  }[];
  const sample = (position: number) => readSample(project, key, position, classNames);
  const pairs = rows.map(({ held_out, training, exact, likeness }) => ({
    heldOut: sample(held_out),
    training: sample(training),
    exact: exact === 1,
    likeness,
  }));
  return { total, pairs };
}

/** Leaves the training samples of all pairs out of training, or brings them back. */
export function leaveCopiesOut(
  project: WritableProject,
  datasetId: string,
  leaveOut: boolean,
): Promise<Dataset> {
  return changeInPieces(project, datasetId, (piece) =>
    leaveOut ? takeOut(project, datasetId, piece) : bringBack(project, datasetId, piece, true),
  );
}

async function takeOut(project: WritableProject, datasetId: string, piece: Piece): Promise<Dataset> {
  const { key, dataset } = getDataset(project, datasetId);
  const { copies } = dataset;
  if (!copies) throw notSearched(dataset.name);
  if (copies.leftOutAt !== null) return dataset;
  const search = searchInForce(project, key);
  // Marked samples count as training samples until all are, and the dataset says that they do not.
  const mark = project.connection.prepare(
    `UPDATE samples SET split = ${LEFT_OUT_CODE} WHERE dataset_key = ? AND position = ? AND split = ${SPLIT_CODE.train}`,
  );
  const moved = movedSamples(project, key, dataset);
  await eachInPieces(piece, trainingOfPairs(project, key, search), (training) => {
    if (mark.run(key, training).changes > 0) moved.add(training, -1);
  });
  if (moved.count >= dataset.split.train) throw nothingLeft(dataset.name);
  return piece(() => publish(project, datasetId, moved, timestamp()));
}

/** @param mustBeSearched whether it is an error that nobody has looked for copies */
async function bringBack(
  project: WritableProject,
  datasetId: string,
  piece: Piece,
  mustBeSearched = false,
): Promise<Dataset> {
  const { key, dataset } = getDataset(project, datasetId);
  if (!dataset.copies && mustBeSearched) throw notSearched(dataset.name);
  if (!dataset.copies || dataset.copies.leftOutAt === null) return dataset;
  const moved = movedSamples(project, key, dataset);
  await eachInPieces(piece, markedSamples(project, key), (position) => moved.add(position, 1));
  const back = await piece(() => publish(project, datasetId, moved, null));
  await clearMarks(project, key, piece);
  return back;
}

/** Of all pairs that count, a stretch of them at a time; a sample comes as often as it has copies. */
function* trainingOfPairs(project: ReadableProject, key: number, search: number): Generator<number> {
  const next = project
    .prepare(
      `SELECT held_out, training FROM copies WHERE dataset_key = ? AND search = ? AND (held_out, training) > (?, ?)
       ORDER BY held_out, training LIMIT ${ROWS_AT_ONCE}`,
    )
    .raw();
  for (let last: [number, number] | undefined = [-1, -1]; last;) {
    const pairs = next.all(key, search, ...last) as [number, number][];
    for (const [, training] of pairs) yield training;
    last = pairs.at(-1);
  }
}

function* markedSamples(project: ReadableProject, key: number): Generator<number> {
  const next = project
    .prepare(
      `SELECT position FROM samples WHERE dataset_key = ? AND split = ${LEFT_OUT_CODE} AND position > ?
       ORDER BY position LIMIT ${ROWS_AT_ONCE}`,
    )
    .pluck();
  for (let last: number | undefined = -1; last !== undefined;) {
    const positions = next.all(key, last) as number[];
    yield* positions;
    last = positions.at(-1);
  }
}

/** Adds up training samples that are left out as copies, or come back. */
function movedSamples(project: ReadableProject, key: number, dataset: Dataset) {
  const read = labeledSampleReader(project, key, readingOf(project, key));
  const shifts = shiftsOfKinds();
  const several = targetShifts(project, key, dataset);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(position: number, by: 1 | -1): void {
      const { classId, number, leftOut } = read(position)!;
      // Those that are left out by hand as well count nowhere, before and after.
      if (leftOut === 1) return;
      count += 1;
      shifts.add({ split: SPLIT_CODE.train, classId, isLabeled: classId >= 0 || number !== null }, by);
      several.add(position, SPLIT_CODE.train, by);
    },
    counted(now: Dataset): Counts {
      const counts = shiftCounts(now, shifts.all());
      return { ...counts, classes: several.applied(counts.classes) };
    },
  };
}

function publish(
  project: WritableProject,
  datasetId: string,
  moved: { counted(now: Dataset): Counts },
  leftOutAt: string | null,
): Dataset {
  const { dataset } = getDataset(project, datasetId);
  const counts = moved.counted(dataset);
  project.database.update(datasetTable).set(counts).where(eq(datasetTable.id, datasetId)).run();
  return setCopies(project, datasetId, { ...dataset.copies!, leftOutAt });
}

function setCopies(
  project: WritableProject,
  datasetId: string,
  copies: NonNullable<Dataset['copies']>,
): Dataset {
  project.database.update(datasetTable).set({ copies }).where(eq(datasetTable.id, datasetId)).run();
  return getDataset(project, datasetId).dataset;
}

function notSearched(name: string): PretextError {
  return new PretextError({
    code: 'copies.not-searched',
    message: `Nobody has looked for copies across the splits of “${name}” yet.`,
    place: name,
    remedy: 'Look for copies first.',
  });
}

function nothingLeft(name: string): PretextError {
  return new PretextError({
    code: 'split.no-training',
    message: `Every training sample of “${name}” is a copy of a validation or test sample: none would be left.`,
    place: name,
    remedy: 'Import the dataset again with another split.',
  });
}
