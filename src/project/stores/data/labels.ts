/**
 * Labels that are given, corrected or taken back after the import, and samples that are left out by hand.
 *
 * The import is never written over: what differs from it stands in a table of its own, each change is a version, and
 * the labels as of any version can be read. Undoing is a version too, so nothing that a study has used is ever lost.
 */
import type { Dataset, LabelVersion } from '../../../contract/entities.ts';
import type { LabelsChanged } from '../../../contract/data/labels.ts';
import { PretextError } from '../../../contract/errors.ts';
import { LEFT_OUT_CODE } from '../../../contract/data/splits/split.ts';
import { isSeveral, targetWords } from '../../../contract/data/target.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { getDataset, type StoredDataset } from './datasets.ts';
import { beginEdit, type Said } from './label-edit.ts';
import { labeledSampleReader, labeledSamples, readingOf, type LabeledSample } from './labeled-samples.ts';
import { changeInPieces, eachInPieces } from './pieces.ts';
import { countsOf, roomFor, shiftCounts, type Counts } from './sample-counts.ts';
import { ROWS_AT_ONCE } from './stretches.ts';
import { countedTargets } from './target-counts.ts';
import { parseDocument } from '../../stored-document.ts';

export interface LabelChange {
  position: number;
  /** A class's name or a number, as the dataset has them; null takes the label away; undefined leaves it. */
  label?: string | number | null | undefined;
  leftOut?: boolean | undefined;
}

export interface LabelOptions {
  madeBy: 'hand' | 'file';
  /** Somebody was asked, and wants test samples changed as well. */
  tests: boolean;
}

/**
 * Makes the next version of a dataset's labels; none where nothing differs. In pieces: nobody reads anything of it
 * before all of it is there.
 *
 * Throws a PretextError, and changes nothing, where test samples would change unasked (`labels.test`), where a sample is
 * not there (`labels.no-sample`), or where a label is none of this dataset's kind (`labels.not-a-number`).
 */
export function changeLabels(
  project: WritableProject,
  datasetId: string,
  changes: Iterable<LabelChange>,
  { madeBy, tests: touchTests }: LabelOptions,
): Promise<LabelsChanged> {
  return changeInPieces(project, datasetId, async (piece) => {
    const stored = getDataset(project, datasetId);
    const edit = beginEdit(project, stored);
    const classes = classIds(stored.dataset);
    // As changed so far: a sample may be named twice.
    const rowAt = rowReader(project, stored, edit.version);
    const take = ({ position, label, leftOut }: LabelChange) => {
      const row = rowAt(position);
      if (leftOut === false && row.leftOut === 0 && row.importedSplit === LEFT_OUT_CODE && madeBy === 'hand')
        throw leftOutAsCopy(stored.dataset.name, position);
      edit.set(row, {
        ...(label === undefined
          ? { classId: row.classId, number: row.number }
          : valueOf(stored.dataset, classes.idOf, label)),
        leftOut: leftOut === undefined ? row.leftOut : leftOut ? 1 : 0,
      });
    };
    await eachInPieces(piece, changes, take);
    if (edit.tests > 0 && !touchTests) throw testSamples(stored.dataset.name, edit.tests);
    return piece(() => edit.publish({ madeBy, restores: null, names: classes.names }));
  });
}

/**
 * Brings back the labels as they were before the latest change that is not undone yet, or those of a version.
 *
 * Throws a PretextError `labels.nothing-to-undo` or `labels.no-version`.
 */
export function undoLabels(project: WritableProject, datasetId: string, to?: number): Promise<LabelsChanged> {
  return changeInPieces(project, datasetId, async (piece) => {
    const stored = getDataset(project, datasetId);
    const target = to ?? versionBefore(project, stored);
    if (!Number.isInteger(target) || target < 0 || target > stored.labelVersion)
      throw noVersion(stored, target);
    const edit = beginEdit(project, stored);
    const [now, then] = [rowReader(project, stored), rowReader(project, stored, target)];
    await eachInPieces(piece, positionsChangedSince(project, stored, target), (position) =>
      edit.set(now(position), then(position)),
    );
    const names = classNamesAt(project, stored, target);
    const restores = lastingVersion(project, stored.key, target);
    return piece(() => edit.publish({ madeBy: 'undo', restores, names }));
  });
}

/** The dataset with the labels of an earlier version: its classes and counts are as they were by them. */
export function datasetAt(project: ReadableProject, stored: StoredDataset, version: number): StoredDataset {
  if (version === stored.labelVersion) return stored;
  if (version > stored.labelVersion) throw noVersion(stored, version);
  const { labels: _labels, ...rest } = stored.dataset;
  const counts = keptCounts(project, stored, version) ?? countAt(project, stored, version);
  return { ...stored, dataset: { ...rest, ...counts }, labelVersion: version };
}

function keptCounts(project: ReadableProject, { key, dataset }: StoredDataset, version: number) {
  const kept = project
    .prepare('SELECT counts FROM label_versions WHERE dataset_key = ? AND version = ?')
    .pluck()
    .get(key, version) as string | null | undefined;
  return kept ? countsOf(kept, dataset) : null;
}

/** By looking through all samples whose labels changed since. */
function countAt(project: ReadableProject, stored: StoredDataset, version: number): Counts {
  const names = classNamesAt(project, stored, version);
  const { key, dataset, labelVersion } = stored;
  const known = roomFor(names, dataset.classes);
  const kindsBy = (labels: number, sign: 1 | -1) =>
    project
      .prepare(
        `SELECT split, class_id AS classId, class_id >= 0 OR number IS NOT NULL AS isLabeled, ${sign} * count(*) AS "by"
         FROM ${labeledSamples(readingOf(project, key, labels))}
         WHERE dataset_key = @key AND position IN (SELECT position FROM labels WHERE dataset_key = @key AND ${CHANGED})
         GROUP BY 1, 2, 3`,
      )
      .all({ key, version, labelVersion }) as {
      split: number;
      classId: number;
      isLabeled: 0 | 1;
      by: number;
    }[];
  const shifts = [...kindsBy(labelVersion, -1), ...kindsBy(version, 1)].map(({ isLabeled, ...kind }) => ({
    ...kind,
    isLabeled: isLabeled === 1,
  }));
  const counts = shiftCounts({ ...dataset, classes: known }, shifts);
  const classes = countedTargets(project, key, { ...dataset, classes: counts.classes }, version);
  return { ...counts, classes: classes.slice(0, names.length) };
}

/** Rows that came or went after a version. What is being written has a later version than the dataset. */
const CHANGED =
  '(version > @version AND version <= @labelVersion OR until > @version AND until <= @labelVersion)';

/** The versions, newest first. */
export function readLabelVersions(
  project: ReadableProject,
  datasetId: string,
  { offset, limit }: { offset: number; limit: number },
): { total: number; versions: Omit<LabelVersion, 'studies'>[] } {
  const { key } = getDataset(project, datasetId);
  const total = project
    .prepare('SELECT count(*) FROM label_versions WHERE dataset_key = ?')
    .pluck()
    .get(key) as number;
  const versions = project
    .prepare(
      `SELECT version, made_at AS madeAt, made_by AS madeBy, samples, tests, restores FROM label_versions
       WHERE dataset_key = ? ORDER BY version DESC LIMIT ? OFFSET ?`,
    )
    .all(key, limit, offset) as Omit<LabelVersion, 'studies'>[];
  return { total, versions };
}

function classNamesAt(project: ReadableProject, { key, dataset }: StoredDataset, version: number): string[] {
  const names = project
    .prepare(
      `SELECT classes FROM label_versions WHERE dataset_key = ? AND version <= ? AND classes IS NOT NULL
       ORDER BY version DESC LIMIT 1`,
    )
    .pluck()
    .get(key, version) as string | undefined;
  return names === undefined
    ? dataset.classes.map(({ name }) => name)
    : parseDocument<string[]>(names, 'classes');
}

/** The state that a version stands for: an undo stands for what it brought back. */
function lastingVersion(project: ReadableProject, key: number, version: number): number {
  const restores = project
    .prepare('SELECT restores FROM label_versions WHERE dataset_key = ? AND version = ?')
    .pluck()
    .get(key, version) as number | null | undefined;
  return restores ?? version;
}

function versionBefore(project: ReadableProject, stored: StoredDataset): number {
  const present = lastingVersion(project, stored.key, stored.labelVersion);
  if (present === 0) throw nothingToUndo(stored.dataset.name);
  return lastingVersion(project, stored.key, present - 1);
}

/** Positions whose labels changed after a version, a stretch of the dataset at a time. */
function* positionsChangedSince(
  project: ReadableProject,
  { key, labelVersion }: StoredDataset,
  version: number,
): Generator<number> {
  const { first, last } = project
    .prepare('SELECT min(position) AS first, max(position) AS last FROM labels WHERE dataset_key = ?')
    .get(key) as { first: number | null; last: number | null };
  if (first === null || last === null) return;
  const changed = project
    .prepare(
      `SELECT DISTINCT position FROM labels WHERE dataset_key = @key AND position >= @begin AND position < @end
       AND ${CHANGED} ORDER BY position`,
    )
    .pluck();
  for (let begin = first; begin <= last; begin += ROWS_AT_ONCE) {
    const stretch = { key, version, labelVersion, begin, end: begin + ROWS_AT_ONCE };
    yield* changed.all(stretch) as number[];
  }
}

/** Throws `labels.no-sample` where there is none. */
function rowReader(
  project: ReadableProject,
  { key, dataset, labelVersion }: StoredDataset,
  version = labelVersion,
): (position: number) => LabeledSample {
  const read = labeledSampleReader(project, key, readingOf(project, key, version));
  return (position) => {
    const found = read(position);
    if (!found) throw noSample(dataset, position);
    return found;
  };
}

/** Classes by name; a name that is not there yet becomes the next class. */
function classIds({ classes }: Dataset) {
  const names = classes.map(({ name }) => name);
  const ids = new Map(names.map((name, id) => [name, id]));
  return {
    names,
    idOf(name: string): number {
      const known = ids.get(name);
      if (known !== undefined) return known;
      ids.set(name, names.length);
      return names.push(name) - 1;
    },
  };
}

function valueOf(
  { name, target }: Dataset,
  idOf: (name: string) => number,
  label: string | number | null,
): Pick<Said, 'classId' | 'number'> {
  if (isSeveral(target)) throw severalLabels(name, target);
  if (label === null) return { classId: -1, number: null };
  if (target === 'classes') return { classId: idOf(String(label)), number: null };
  const number = typeof label === 'number' ? label : label.trim() === '' ? Number.NaN : Number(label);
  if (!Number.isFinite(number)) throw notANumber(name, label);
  return { classId: -1, number };
}

function severalLabels(name: string, target: 'labels' | 'numbers'): PretextError {
  return new PretextError({
    code: 'labels.several',
    message: `The labels of “${name}” are ${targetWords(target)}, which cannot be changed one by one here.`,
    place: name,
    remedy: 'Change them in the file that they came from, and import it again; samples can be left out here.',
  });
}

function testSamples(name: string, tests: number): PretextError {
  return new PretextError({
    code: 'labels.test',
    message: `${tests === 1 ? 'A test sample' : `${tests} test samples`} of “${name}” would change. Results of studies that have ended stay as they are; later ones are measured on other labels, and cannot be compared with them to the last digit.`,
    place: name,
    remedy: 'Say that test samples may change (`--tests` on the command line), or leave them out.',
  });
}

function leftOutAsCopy(name: string, position: number): PretextError {
  return new PretextError({
    code: 'labels.left-out-as-copy',
    message: `Sample ${position} of “${name}” is left out as a copy of a validation or test sample, not by hand.`,
    place: name,
    remedy: 'Bring all copies back into training on the dataset’s page, or by `pretext data copies`.',
  });
}

function noSample({ name, sampleCount }: Dataset, position: number): PretextError {
  return new PretextError({
    code: 'labels.no-sample',
    message: `“${name}” has no sample ${position}: they are numbered from 0 to ${sampleCount - 1}.`,
    place: name,
    remedy: 'Look the number up in the list of samples, or in a list of labels written by the program.',
  });
}

function notANumber(name: string, label: string | number): PretextError {
  return new PretextError({
    code: 'labels.not-a-number',
    message: `The labels of “${name}” are numbers. Found: “${label}”.`,
    place: name,
    remedy: 'Give a number such as 3.5, or no label.',
  });
}

function nothingToUndo(name: string): PretextError {
  return new PretextError({
    code: 'labels.nothing-to-undo',
    message: `The labels of “${name}” are as they were imported: there is nothing to undo.`,
    place: name,
  });
}

function noVersion({ dataset, labelVersion }: StoredDataset, version: number): PretextError {
  return new PretextError({
    code: 'labels.no-version',
    message: `The labels of “${dataset.name}” have versions from 0 to ${labelVersion}. Found: ${version}.`,
    place: dataset.name,
    remedy: 'They are listed on the dataset’s page, or by `pretext data labels history`.',
  });
}
