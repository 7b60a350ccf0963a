/**
 * Keeps a fine-tuned model: one folder under the project's `models` that holds all it needs to answer.
 *
 * It is written under another name, flushed and renamed: a model's name always stands for a whole model.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MODEL_FILE,
  modelFormatOf,
  isModelPart,
  modelSchema,
  partsOf,
  referenceFile,
  weightsFile,
  type Model,
  type ModelNote,
  type ModelPreparation,
  type OtherHead,
  type TargetScale,
} from '../../contract/model/model.ts';
import { explained } from '../../contract/errors.ts';
import type { CheckpointNote } from '../../contract/messages/trainer.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import type { FinetuneInputs } from '../inputs.ts';
import type { ChannelStatistics } from '../../learning/channels.ts';
import type { FeatureMatrix } from '../../learning/evaluation/probes/features.ts';
import { measureNovelty } from '../../learning/evaluation/predictions/novelty.ts';
import { giveName, linkOrCopy, removeFolderOf } from '../../machine/replace-file.ts';
import type { Program } from '../../tensor/index.ts';
import { writeCheckpoint } from '../checkpoints/file.ts';
import { readSamples, runOverSamples } from '../samples/reader.ts';
import { drawnIndices, indicesOfSplit, indicesOfSplits, targetsAtAll } from '../samples/selection.ts';

/** Training samples whose features are kept: their distances change little with more. */
const MOST_REFERENCES = 2000;
const MOST_SHIFT_SAMPLES = 64;

/** Weights in the project's checkpoints: the model gets a second name for that file. */
export interface KeptWeights extends Pick<CheckpointNote, 'file' | 'bytes' | 'sha256'> {
  seed: number;
  /** Of each number that is answered; null for others. */
  scales: TargetScale[] | null;
}

/** Of one head. */
export interface HeadFacts {
  temperature: number | null;
  intervals: Model['intervals'];
  labels: number;
  splits: Model['trainedOn']['splits'];
  scores: Model['scores'];
  made: Model['made'];
}

export interface ModelFacts extends HeadFacts {
  channelStatistics: ChannelStatistics;
}

/** A further head that the model keeps. */
export interface KeptHead {
  /** What the run would be on its dataset. */
  job: FinetuneInputs;
  facts: HeadFacts;
  /** For each member: of each number that is answered; null for others. */
  scales: OtherHead['scales'];
}

/**
 * Writes the folder of a model.
 *
 * @param program with `predict` entries, at the weights of the first member
 * @param members one, or several whose answers are averaged
 * @param others heads beside the first, in their order
 */
export async function keepModel(
  job: FinetuneInputs,
  program: Program,
  members: readonly KeptWeights[],
  facts: ModelFacts,
  others: readonly KeptHead[] = [],
): Promise<ModelNote> {
  const known = job.model;
  if (!known) throw new Error('a model was to be kept by a job that does not describe it');
  const id = `${job.runId}-${facts.made?.kind ?? members[0]!.seed}`;
  const folder = join(job.projectFolder, 'models', id);
  const temporary = `${folder}.tmp-${process.pid}`;
  try {
    await mkdir(join(job.projectFolder, 'models'), { recursive: true });
    if (existsSync(temporary)) removeFolderOf(temporary, isModelPart);
    await mkdir(temporary);
    const parts = members.map((member) => ({
      ...member,
      file: weightsFile(members.length > 1 ? member.seed : undefined),
    }));
    members.forEach((member, place) =>
      linkOrCopy(join(job.projectFolder, 'checkpoints', member.file), join(temporary, parts[place]!.file)),
    );
    const otherHeads: OtherHead[] = [];
    for (const [at, { job: own, facts: told, scales }] of others.entries())
      otherHeads.push({ ...(await describeHead(temporary, program, own, told, at + 1)), scales });
    const model = modelSchema.parse({
      format: modelFormatOf(known.preparation, 1 + others.length),
      id,
      name: known.name,
      createdAt: new Date().toISOString(),
      program: known.program,
      modality: job.modality,
      inputShape: job.inputShape,
      encoder: job.encoder,
      about: job.about ?? {},
      ...(await describeHead(temporary, program, job, facts)),
      ...(otherHeads.length > 0 && { others: otherHeads }),
      channelStatistics: {
        mean: [...facts.channelStatistics.mean],
        standardDeviation: [...facts.channelStatistics.standardDeviation],
      },
      members: parts.map(({ file, bytes, sha256, seed, scales }) => ({
        file,
        bytes,
        sha256,
        seed,
        scale: job.target === 'number' ? scales![0]! : null,
        ...(job.target === 'numbers' && { scales: scales! }),
      })),
    } satisfies Model);
    await writeDescription(temporary, model);
    if (existsSync(folder)) removeFolderOf(folder, isModelPart);
    await giveName(temporary, folder);
    return { model, bytes: await bytesOf(folder, model) };
  } catch (error) {
    if (existsSync(temporary)) removeFolderOf(temporary, isModelPart);
    throw explained(error, folder);
  }
}

/** @param place of the head among those of the model */
async function describeHead(
  folder: string,
  program: Program,
  job: FinetuneInputs,
  { temperature, intervals, labels, splits, scores, made }: HeadFacts,
  place = 0,
): Promise<Omit<OtherHead, 'scales'>> {
  const { origin, preparation } = job.model!;
  return {
    head: headOf(job),
    preparation: { ...preparation, bits: await usedBits(job.dataset, preparation) },
    temperature,
    intervals,
    reference: await writeReference(folder, program, job.dataset, { splits, file: referenceFile(place) }),
    trainedOn: { ...origin, arm: job.arm, budget: job.budget, labels, splits },
    scores,
    made,
  };
}

function headOf({ target, dataset: { classNames } }: FinetuneInputs): Model['head'] {
  if (target === 'number') return { kind: 'number' };
  return target === 'classes' ? { kind: 'classes', classNames } : { kind: target, names: classNames };
}

/** Features of training samples, labeled or not, with their places in the dataset and what they are. */
async function writeReference(
  folder: string,
  program: Program,
  dataset: DatasetSelection,
  { splits, file }: { splits: HeadFacts['splits']; file: string },
): Promise<Model['reference']> {
  const indices = drawnIndices(indicesOfSplits(dataset, splits), MOST_REFERENCES, 'reference');
  const request = { program, entry: 'predict', output: 'features', dataset, indices };
  const { values, width } = await runOverSamples(request);
  const features: FeatureMatrix = { values, rows: indices.length, columns: width };
  const novelty = measureNovelty(features);
  if (!novelty) return null;
  const column = (of: Int32Array | Float32Array) => ({
    shape: [of.length],
    dtype: of instanceof Int32Array ? ('int32' as const) : ('float32' as const),
    values: of,
  });
  const ofClasses = dataset.classIds.length > 0;
  const written = await writeCheckpoint(join(folder, file), {
    tensors: {
      features: { shape: [indices.length, width], dtype: 'float32', values },
      sample: column(indices),
      target: dataset.targets
        ? {
            shape: [indices.length, dataset.classNames.length],
            dtype: 'float32',
            values: targetsAtAll(dataset, indices),
          }
        : column(
            ofClasses
              ? indices.map((index) => dataset.classIds[index]!)
              : Float32Array.from(indices, (index) => dataset.numbers[index]!),
          ),
    },
    metadata: { stage: 'reference' },
  });
  return { file, ...written, samples: indices.length, ...novelty };
}

/**
 * How many bits the values of 16-bit images use: an import spreads them over the whole range by shifting them, so that
 * the lowest bits of all values are 0.
 */
async function usedBits(
  dataset: DatasetSelection,
  { stored, steps }: Pick<ModelPreparation, 'stored' | 'steps'>,
): Promise<number | null> {
  if (stored.dtype !== 'uint16' || steps.length > 0) return null;
  const indices = drawnIndices(indicesOfSplit(dataset, 'train'), MOST_SHIFT_SAMPLES, 'bits');
  const bytes = await readSamples(dataset, indices);
  let any = 0;
  for (const value of new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)) any |= value;
  // The place of the lowest bit that any value has.
  return any === 0 ? 16 : 16 - (31 - Math.clz32(any & -any));
}

async function writeDescription(folder: string, model: Model): Promise<void> {
  const handle = await open(join(folder, MODEL_FILE), 'w');
  try {
    await handle.writeFile(`${JSON.stringify(model, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function bytesOf(folder: string, model: Model): Promise<number> {
  const { size } = await stat(join(folder, MODEL_FILE));
  return partsOf(model).reduce((sum, { bytes }) => sum + bytes, size);
}
