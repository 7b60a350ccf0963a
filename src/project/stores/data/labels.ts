/**
 * Labels that are given, corrected or taken back after the import, and samples that are left out by hand.
 *
 * The import is never written over: what differs from it stands in a table of its own, each change is a version, and
 * the labels as of any version can be read. Undoing is a version too, so nothing that a study has used is ever lost.
 */
import { eq } from 'drizzle-orm';
import type { Dataset, LabelVersion } from '../../../contract/entities.ts';
import type { LabelsChanged } from '../../../contract/data/labels.ts';
import { PretextError } from '../../../contract/errors.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/split.ts';
import { isSeveral, targetWords } from '../../../contract/data/target.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { timestamp } from '../../identity.ts';
import { datasetTable } from '../../schema.ts';
import { getDataset, type StoredDataset } from './datasets.ts';
import { inForce, labeledSampleReader, type LabeledSample } from './labeled-samples.ts';
import { countedTargets } from './target-counts.ts';
import { shiftCounts, shiftsOfKinds, type SampleKind } from './sample-counts.ts';

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

type Said = Pick<LabeledSample, 'classId' | 'number' | 'leftOut'>;

/**
 * Makes the next version of a dataset's labels; none where nothing differs.
 *
 * Throws a PretextError, and changes nothing, where test samples would change unasked (`labels.test`), where a sample is
 * not there (`labels.no-sample`), or where a label is none of this dataset's kind (`labels.not-a-number`).
 */
export function changeLabels(
  project: WritableProject,
  datasetId: string,
  changes: Iterable<LabelChange>,
  { madeBy, tests: touchTests }: LabelOptions,
): LabelsChanged {
  return inTransaction(project, () => {
    const stored = getDataset(project, datasetId);
    const edit = beginEdit(project, stored);
    const classes = classIds(stored.dataset);
    const rowAt = rowReader(project, stored);
    for (const { position, label, leftOut } of changes) {
      const row = rowAt(position);
      if (leftOut === false && row.leftOut === 0 && row.importedSplit === LEFT_OUT_CODE && madeBy === 'hand')
        throw leftOutAsCopy(stored.dataset.name, position);
      edit.set(row, {
        ...(label === undefined
          ? { classId: row.classId, number: row.number }
          : valueOf(stored.dataset, classes.idOf, label)),
        leftOut: leftOut === undefined ? row.leftOut : leftOut ? 1 : 0,
      });
    }
    if (edit.tests > 0 && !touchTests) throw testSamples(stored.dataset.name, edit.tests);
    return edit.finish({ madeBy, restores: null, names: classes.names });
  });
}

/**
 * Brings back the labels as they were before the latest change that is not undone yet, or those of a version.
 *
 * Throws a PretextError `labels.nothing-to-undo` or `labels.no-version`.
 */
export function undoLabels(project: WritableProject, datasetId: string, to?: number): LabelsChanged {
  return inTransaction(project, () => {
    const stored = getDataset(project, datasetId);
    const target = to ?? versionBefore(project, stored);
    if (!Number.isInteger(target) || target < 0 || target > stored.labelVersion)
      throw noVersion(stored, target);
    const edit = beginEdit(project, stored);
    const [now, then] = [rowReader(project, stored), rowReader(project, stored, target)];
    for (const position of positionsChangedSince(project, stored.key, target))
      edit.set(now(position), then(position));
    const names = classNamesAt(project, stored, target);
    return edit.finish({ madeBy: 'undo', restores: lastingVersion(project, stored.key, target), names });
  });
}

/** The dataset with the labels of an earlier version: its classes and counts are as they were by them. */
export function datasetAt(project: ReadableProject, stored: StoredDataset, version: number): StoredDataset {
  if (version === stored.labelVersion) return stored;
  if (version > stored.labelVersion) throw noVersion(stored, version);
  const names = classNamesAt(project, stored, version);
  const now = stored.dataset;
  // Room for the classes of both, so that every sample counts where it belongs.
  const known = Array.from({ length: Math.max(names.length, now.classes.length) }, (_, id) => ({
    ...(now.classes[id] ?? { train: 0, validation: 0, test: 0 }),
    name: names[id] ?? '',
  }));
  const shifts = shiftsOfKinds();
  const [rowNow, rowThen] = [rowReader(project, stored), rowReader(project, stored, version)];
  for (const position of positionsChangedSince(project, stored.key, version)) {
    const row = rowNow(position);
    shifts.add(kindOf(row, row), -1);
    shifts.add(kindOf(row, rowThen(position)), 1);
  }
  const counts = shiftCounts({ ...now, classes: known }, shifts.all());
  const classes = countedTargets(project, stored.key, { ...now, classes: counts.classes }, version);
  const { labels: _labels, ...rest } = now;
  return {
    ...stored,
    dataset: { ...rest, ...counts, classes: classes.slice(0, names.length) },
    labelVersion: version,
  };
}

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

function beginEdit(project: WritableProject, { key, dataset, labelVersion }: StoredDataset) {
  const version = labelVersion + 1;
  const close = project.connection.prepare(
    'UPDATE labels SET until = ? WHERE dataset_key = ? AND position = ? AND until IS NULL AND version < ?',
  );
  // A sample may be named twice: the last word counts.
  const drop = project.connection.prepare(
    'DELETE FROM labels WHERE dataset_key = ? AND position = ? AND version = ?',
  );
  const insert = project.connection.prepare(
    'INSERT INTO labels (dataset_key, position, version, class_id, number, left_out) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const shifts = shiftsOfKinds();
  const touched = new Set<number>();
  let tests = 0;
  return {
    get tests() {
      return tests;
    },
    set(row: LabeledSample, said: Said): void {
      if (isSame(row, said)) return;
      if (!touched.has(row.position) && row.importedSplit === SPLIT_CODE.test) tests += 1;
      touched.add(row.position);
      close.run(version, key, row.position, version);
      drop.run(key, row.position, version);
      const imported = { classId: row.importedClassId, number: row.importedNumber, leftOut: 0 as const };
      if (!isSame(imported, said))
        insert.run(key, row.position, version, said.classId, said.number, said.leftOut);
      shifts.add(kindOf(row, row), -1);
      shifts.add(kindOf(row, said), 1);
    },
    finish(about: { madeBy: string; restores: number | null; names: readonly string[] }): LabelsChanged {
      if (touched.size === 0) return { dataset, version: labelVersion, samples: 0, tests: 0 };
      const before = dataset.classes.map(({ name }) => name);
      const known = Array.from({ length: Math.max(before.length, about.names.length) }, (_, id) => ({
        ...(dataset.classes[id] ?? { train: 0, validation: 0, test: 0 }),
        name: about.names[id] ?? '',
      }));
      const counts = shiftCounts({ ...dataset, classes: known }, shifts.all());
      const classes = countedTargets(project, key, { ...dataset, classes: counts.classes });
      const names = withoutEmpty(project, key, about.names, labelVersion === 0 ? before : null);
      const madeAt = timestamp();
      const note = project.connection.prepare(
        'INSERT INTO label_versions (dataset_key, version, made_at, made_by, samples, tests, classes, restores) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      );
      if (labelVersion === 0)
        note.run(key, 0, dataset.createdAt, 'import', 0, 0, JSON.stringify(before), null);
      const differ = JSON.stringify(names) === JSON.stringify(before) ? null : JSON.stringify(names);
      note.run(key, version, madeAt, about.madeBy, touched.size, tests, differ, about.restores);
      const changed = project.connection
        .prepare(`SELECT count(*) FROM labels WHERE dataset_key = ? AND ${inForce('labels')}`)
        .pluck()
        .get(key) as number;
      const values = {
        ...counts,
        classes: classes.slice(0, names.length),
        labels: { version, changedAt: madeAt, changed },
      };
      project.database.update(datasetTable).set(values).where(eq(datasetTable.key, key)).run();
      return { dataset: { ...dataset, ...values }, version, samples: touched.size, tests };
    },
  };
}

/** Names without the last ones that came after the import and that no sample bears any more. */
function withoutEmpty(
  project: ReadableProject,
  key: number,
  names: readonly string[],
  imported: readonly string[] | null,
): string[] {
  const first = imported ?? importedNames(project, key);
  const isUsed = project
    .prepare(`SELECT 1 FROM labels WHERE dataset_key = ? AND class_id = ? AND ${inForce('labels')} LIMIT 1`)
    .pluck();
  const kept = [...names];
  while (kept.length > first.length && isUsed.get(key, kept.length - 1) === undefined) kept.pop();
  return kept;
}

const importedNames = (project: ReadableProject, key: number) =>
  JSON.parse(
    project
      .prepare('SELECT classes FROM label_versions WHERE dataset_key = ? AND version = 0')
      .pluck()
      .get(key) as string,
  ) as string[];

function classNamesAt(project: ReadableProject, { key, dataset }: StoredDataset, version: number): string[] {
  const names = project
    .prepare(
      `SELECT classes FROM label_versions WHERE dataset_key = ? AND version <= ? AND classes IS NOT NULL
       ORDER BY version DESC LIMIT 1`,
    )
    .pluck()
    .get(key, version) as string | undefined;
  return names === undefined ? dataset.classes.map(({ name }) => name) : (JSON.parse(names) as string[]);
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

const positionsChangedSince = (project: ReadableProject, key: number, version: number) =>
  project
    .prepare(
      'SELECT DISTINCT position FROM labels WHERE dataset_key = @key AND (version > @version OR until > @version) ORDER BY position',
    )
    .pluck()
    .all({ key, version }) as number[];

/** Throws `labels.no-sample` where there is none. */
function rowReader(
  project: ReadableProject,
  { key, dataset }: StoredDataset,
  version?: number,
): (position: number) => LabeledSample {
  const read = labeledSampleReader(project, key, version);
  return (position) => {
    const found = read(position);
    if (!found) throw noSample(dataset, position);
    return found;
  };
}

const kindOf = ({ importedSplit }: LabeledSample, { classId, number, leftOut }: Said): SampleKind => ({
  split: leftOut === 1 ? LEFT_OUT_CODE : importedSplit,
  classId,
  isLabeled: classId >= 0 || number !== null,
});

const isSame = (one: Said, other: Said) =>
  one.classId === other.classId && one.number === other.number && one.leftOut === other.leftOut;

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
