/** Writes the features of a dataset's samples, as an encoder finds them, part by part. */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { circumstanceOf } from '../contract/circumstances.ts';
import { computedType } from '../contract/data/sample-values.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../contract/data/split.ts';
import { PretextError } from '../contract/errors.ts';
import type { DatasetSelection } from '../contract/messages/dataset-selection.ts';
import type { Answer, Question } from '../contract/messages/questions.ts';
import { embeddingFiles, giveNames, openEmbeddings } from '../export/tables/embeddings.ts';
import type { ExportedModel } from '../export/model.ts';
import type { Encoder } from '../learning/encoders/encoder.ts';
import { buildEncoder } from '../learning/encoders/registry.ts';
import { makeFolder } from '../machine/make-folder.ts';
import { requirePlaceFor } from '../machine/place-for-file.ts';
import { compileProgram, startTensorFlow, tensorOf, tf, type Program } from '../tensor/index.ts';
import type { QuestionControl } from '../training/questions/answering.ts';
import { embedEntry } from '../training/samples/embed.ts';
import { featuresOf } from '../training/samples/features.ts';
import { entriesForAll } from '../training/samples/reader.ts';
import { modelOf } from './export-model.ts';

const SAMPLES_AT_ONCE = 2048;

export async function writeEmbeddings(
  question: Question<'embed'>,
  { progress }: QuestionControl,
): Promise<Answer<'embed'>> {
  await startTensorFlow();
  const { source, dataset, sources, format, file, overwrite } = question;
  const files = embeddingFiles(format, file).map((name) => ({
    file: name,
    temporary: `${name}.tmp-${process.pid}`,
  }));
  for (const one of files) requirePlaceFor(one.file, overwrite);
  const model = await modelOf(source, true);
  requireSuch(dataset, model);
  const { encoder, program } = embedderOf(model, dataset);
  try {
    makeFolder(dirname(file));
    const count = dataset.offsets.length;
    const writer = openEmbeddings(format, files, {
      count,
      width: encoder.featureCount,
      index: Int32Array.from({ length: count }, (_, index) => index),
      source: sources,
      label: labelsOf(dataset, count),
      split: Array.from(dataset.splits, splitName),
      facts: { model: model.name, dataset: dataset.name, facts: model.facts.join(' ') },
    });
    for (let first = 0; first < count; first += SAMPLES_AT_ONCE) {
      await progress({ done: first, total: count });
      const indices = Int32Array.from(
        { length: Math.min(SAMPLES_AT_ONCE, count - first) },
        (_, at) => first + at,
      );
      await writer.write((await featuresOf(program, dataset, indices)).values);
    }
    await writer.finish();
    await giveNames(files);
    return { files: files.map((one) => one.file), samples: count, features: encoder.featureCount };
  } catch (error) {
    for (const { temporary } of files) await rm(temporary, { force: true });
    const circumstance = circumstanceOf(error, file);
    throw circumstance ? new PretextError(circumstance) : error;
  } finally {
    program.dispose();
  }
}

function embedderOf(model: ExportedModel, dataset: DatasetSelection): { encoder: Encoder; program: Program } {
  const { encoder: choice, modality, inputShape, about, channelStatistics, members } = model;
  const encoder = buildEncoder(choice, modality, inputShape, about);
  const sample = { shape: [...inputShape], dtype: computedType(dataset.dtype) };
  const { weights } = members[0]!;
  const names = Object.keys(weights).filter((name) => name.startsWith('encoder/'));
  const initial = Object.fromEntries(
    names.map((name) => [name, tensorOf(weights[name]!, weights[name]!.values)]),
  );
  try {
    const entries = entriesForAll('embed', (batchSize) =>
      embedEntry({ encoder, channelStatistics, sample, batchSize }),
    );
    return { encoder, program: compileProgram(initial, entries) };
  } finally {
    tf.dispose(initial);
  }
}

function labelsOf({ classIds, classNames, numbers }: DatasetSelection, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    if (classIds.length > 0) return classNames[classIds[index]!] ?? '';
    return Number.isNaN(numbers[index]!) ? '' : String(numbers[index]);
  });
}

function splitName(code: number): string {
  if (code === LEFT_OUT_CODE) return 'left-out';
  return Object.entries(SPLIT_CODE).find(([, own]) => own === code)?.[0] ?? '';
}

/** Throws where the encoder cannot read such samples. */
function requireSuch({ name, shape, modality }: DatasetSelection, model: ExportedModel): void {
  if (modality === model.modality && shape.join() === model.inputShape.join()) return;
  throw new PretextError({
    code: 'embed.other-samples',
    message: `The encoder reads ${model.modality}s of ${model.inputShape.join(' × ')}; “${name}” holds ${modality}s of ${shape.join(' × ')}.`,
    place: name,
    remedy: 'Choose a dataset of the kind that it was trained on.',
  });
}
