/** A dataset as a trainer sees it: found by its name, in the shape that a study wants. */
import { isSeveral } from '../../contract/data/target.ts';
import { descriptionOf, kindsAmong } from '../../contract/data/sample-description.ts';
import { scaledStatistics } from '../../contract/data/recordings/scales.ts';
import type { SampleType } from '../../contract/data/sample-values.ts';
import type { Recipe } from '../../contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import {
  findDataset,
  findHeldDataset,
  missingDataset,
  readOffsets,
  readSampleArrays,
  shardFile,
  type HeldLabels,
  type ReadableProject,
  type SampleArrays,
  type StoredDataset,
} from '../../project/index.ts';
import { formAmong, type StudyForm } from '../recipes/form.ts';
import { divideSamples, measuredOnTraining, type Division } from './division.ts';
import { recordingScalesOf } from './recording-scales.ts';
import { bringToShape, type Harmonised, type Wanted } from './harmonised.ts';

/** @param held which labels a study uses; left out: the newest */
export function requireDataset(project: ReadableProject, name: string, held: HeldLabels = {}): StoredDataset {
  const stored = findHeldDataset(project, held, name);
  if (!stored) throw missingDataset(name);
  return stored;
}

async function readSelection(project: ReadableProject, stored: StoredDataset): Promise<DatasetSelection> {
  const { dataset, key, labelVersion } = stored;
  const arrays = await readSampleArrays(project, key, dataset.sampleCount, labelVersion);
  return selectionOf(project, stored, arrays);
}

/** Some samples of a dataset alone, as a preview needs them: whatever its size, no others are read. */
export async function selectFew(
  project: ReadableProject,
  stored: StoredDataset,
  positions: readonly number[],
  byRecording = false,
): Promise<DatasetSelection> {
  const offsets = Float64Array.from(readOffsets(project, stored.key, positions));
  if (offsets.length !== positions.length) throw new Error('a sample that was asked for is not in the list');
  const count = positions.length;
  const found = selectionOf(project, stored, {
    offsets,
    splits: new Uint8Array(count),
    classIds: new Int32Array(count).fill(-1),
    numbers: new Float32Array(count).fill(NaN),
    targets: null,
    weights: null,
  });
  return byRecording ? scaledByRecording(project, stored, found) : found;
}

/** The same samples, each read in the scale of its recording. */
async function scaledByRecording(
  project: ReadableProject,
  stored: StoredDataset,
  selection: DatasetSelection,
  signal?: AbortSignal,
): Promise<DatasetSelection> {
  return {
    ...selection,
    recordingScales: await recordingScalesOf(project, stored, signal),
    channelStatistics: scaledStatistics(selection.shape.at(-1) ?? 1),
  };
}

function selectionOf(
  project: ReadableProject,
  { dataset, shard }: StoredDataset,
  arrays: SampleArrays,
): DatasetSelection {
  const { target } = dataset;
  const { classIds, numbers, targets } = arrays;
  return {
    name: dataset.name,
    modality: dataset.modality,
    shape: dataset.shape,
    dtype: dataset.dtype,
    shard: shardFile(project.folder, shard),
    offsets: arrays.offsets,
    splits: arrays.splits,
    classIds: target === 'classes' ? classIds : new Int32Array(0),
    numbers: target === 'number' ? numbers : new Float32Array(0),
    ...(arrays.weights && { weights: arrays.weights }),
    ...(isSeveral(target) && targets && { targets, several: target }),
    classNames: dataset.classes.map(({ name }) => name),
    channelStatistics: dataset.channelStatistics,
    about: descriptionOf(dataset),
  };
}

/**
 * @param division how a study divides the samples; left out: as the import did
 * @param byRecording every recording is brought to its own scale
 */
export async function selectDataset(
  project: ReadableProject,
  stored: StoredDataset,
  inputShape: readonly number[],
  { division, byRecording, ...wanted }: Wanted & { division?: Division; byRecording?: boolean } = {},
): Promise<Harmonised> {
  const stands = await readSelection(project, stored);
  const read = byRecording ? await scaledByRecording(project, stored, stands, wanted.signal) : stands;
  const splits = division ? await divideSamples(project, stored, read.splits, division) : read.splits;
  const found = await bringToShape({ ...read, splits }, inputShape, wanted);
  // Those of the import were measured on its own training samples; what was brought to a shape is measured there.
  if (splits === read.splits || found.steps.length > 0 || byRecording) return found;
  const measured = await measuredOnTraining(found.selection, wanted.signal);
  return { ...found, selection: { ...found.selection, ...measured } };
}

/** Images of 8 bits beside those of 16 become 16, which loses nothing. */
export function depthOf(project: ReadableProject, names: readonly string[]): SampleType | undefined {
  const isDeep = (name: string) => requireDataset(project, name).dataset.dtype === 'uint16';
  return names.some(isDeep) ? 'uint16' : undefined;
}

/**
 * The one form that all samples of a study are brought to.
 *
 * @throws PretextError where a dataset is gone, or they cannot be put together as the recipe says
 */
export function formOf(project: ReadableProject, data: Recipe['data']): StudyForm {
  const form = formAmong(data, (name) => requireDataset(project, name).dataset);
  // A dataset of a finished pretraining may be gone.
  const known = data.pretrain.flatMap((name) => findDataset(project, name)?.dataset ?? []);
  return { ...form, about: { ...form.about, ...kindsAmong(known) } };
}

export const inputShapeOf = (project: ReadableProject, data: Recipe['data']): number[] =>
  formOf(project, data).shape;
