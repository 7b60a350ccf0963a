/** Reads a kept model from its folder: wherever that lies, and whoever made it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILE, MODEL_FORMAT, modelSchema, type Model } from '../../contract/model/model.ts';
import { withHead } from '../../contract/model/heads.ts';
import { PretextError, toFailure } from '../../contract/errors.ts';
import type { FeatureMatrix } from '../../learning/evaluation/probes/features.ts';
import type { StateArrays } from '../../tensor/index.ts';
import { readCheckpoint } from '../checkpoints/file.ts';
import { weightsOfHead } from '../checkpoints/state-arrays.ts';

/** A training sample that distances are measured to. */
export interface Reference {
  features: FeatureMatrix;
  /** Place of each row in the dataset that the model was trained on. */
  samples: Int32Array;
  /** Class ids, -1 where there is none; or numbers, NaN where there is none. */
  targets: Int32Array | Float32Array;
}

export interface LoadedModel {
  folder: string;
  model: Model;
  /** Weights and moving statistics by name, one for each member. */
  weights: StateArrays[];
  reference: Reference | null;
}

/**
 * A model by one of its heads, as if it had that one alone.
 *
 * @param head the name of its dataset; left out: the model's only one
 *
 * Throws `model.which-head` and `model.no-head`, `model.missing` where the folder holds no model, `model.newer` for one of a later version, `model.changed`
 * where a file is not the one that was written, and `model.broken` for all else that cannot be.
 */
export async function loadModel(folder: string, head?: string): Promise<LoadedModel> {
  const whole = await readDescription(folder);
  const model = withHead(whole, head);
  const name = model.trainedOn.dataset === whole.trainedOn.dataset ? null : model.trainedOn.dataset;
  const weights: StateArrays[] = [];
  for (const member of model.members)
    weights.push(weightsOfHead((await readPart(folder, member)).tensors, name));
  return { folder, model, weights, reference: await readReference(folder, model) };
}

/** `model.json` alone, with all heads. */
export async function readDescription(folder: string): Promise<Model> {
  const file = join(folder, MODEL_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new PretextError({
      code: 'model.missing',
      message: `This is no folder of a model: it holds no ${MODEL_FILE}.`,
      place: folder,
      remedy: 'Choose the folder of a model: one of those under “models” in a project, or a copy of one.',
    });
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw broken(file, 'it is no JSON document');
  }
  const format = (document as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > MODEL_FORMAT)
    throw new PretextError({
      code: 'model.newer',
      message: `The model was written by a newer version of the program: its format is ${format}, and this program knows those up to ${MODEL_FORMAT}.`,
      place: file,
      remedy: 'Use the newer version.',
    });
  const read = modelSchema.safeParse(document);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw broken(file, `${issue!.path.map(String).join('.')}: ${issue!.message}`);
}

async function readPart(folder: string, { file, sha256 }: { file: string; sha256: string }) {
  const path = join(folder, file);
  try {
    return await readCheckpoint(path, sha256);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'checkpoint.changed')
      throw new PretextError({
        code: 'model.changed',
        message: `${file} is not the file that was written with this model: its SHA-256 is another.`,
        place: path,
        remedy:
          'Take the whole folder again from where it came from; do not put files of two models together.',
      });
    if (failure.code === 'checkpoint.missing') throw broken(path, 'the file is not there');
    if (failure.code === 'checkpoint.broken') throw broken(path, failure.message);
    throw error;
  }
}

async function readReference(folder: string, { reference }: Model): Promise<Reference | null> {
  if (!reference) return null;
  const { tensors } = await readPart(folder, reference);
  const [features, samples, targets] = [tensors['features'], tensors['sample'], tensors['target']];
  const fits =
    features?.dtype === 'float32' &&
    features.shape.length === 2 &&
    samples?.dtype === 'int32' &&
    samples.values.length === features.shape[0] &&
    targets?.shape[0] === features.shape[0];
  if (!fits) throw broken(join(folder, reference.file), 'it does not hold the features of training samples');
  const [rows = 0, columns = 0] = features.shape;
  return {
    features: { values: features.values as Float32Array, rows, columns },
    samples: samples.values as Int32Array,
    targets: targets.values as Int32Array | Float32Array,
  };
}

function broken(file: string, how: string): PretextError {
  return new PretextError({
    code: 'model.broken',
    message: `The model cannot be read: ${how}.`,
    place: file,
    remedy: 'Take the whole folder again from where it came from.',
  });
}
