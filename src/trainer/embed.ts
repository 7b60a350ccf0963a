/** Writes features of samples, as an encoder finds them, part by part: of a dataset, or in files. */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { computedType, type SampleType } from '../contract/data/sample-values.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../contract/data/splits/split.ts';
import { PretextError, explained } from '../contract/errors.ts';
import type { DatasetSelection } from '../contract/messages/dataset-selection.ts';
import type { Answer, Question } from '../contract/messages/questions.ts';
import { embeddingFiles, giveNames, openEmbeddings } from '../export/tables/embeddings.ts';
import type { ExportedModel } from '../export/model.ts';
import { statisticsFor } from '../learning/channels.ts';
import { buildEncoder } from '../learning/encoders/registry.ts';
import { makeFolder } from '../machine/make-folder.ts';
import { requirePlaceFor } from '../machine/place-for-file.ts';
import { compileProgram, startTensorFlow, tensorOf, tf, type Program } from '../tensor/index.ts';
import type { QuestionControl } from '../training/questions/answering.ts';
import { embedEntry } from '../training/samples/embed.ts';
import { featuresOf } from '../training/samples/features.ts';
import { entriesForAll } from '../training/samples/reader.ts';
import { embedFiles } from './embed-files.ts';
import type { Embedded, Embedder } from './embedded.ts';
import { modelOf } from './export-model.ts';

const SAMPLES_AT_ONCE = 2048;

export async function writeEmbeddings(
  question: Question<'embed'>,
  control: QuestionControl,
): Promise<Answer<'embed'>> {
  await startTensorFlow();
  const { source, from, format, file, overwrite } = question;
  const files = embeddingFiles(format, file).map((name) => ({
    file: name,
    temporary: `${name}.tmp-${process.pid}`,
  }));
  for (const one of files) requirePlaceFor(one.file, overwrite);
  const model = await modelOf(source, true);
  const name = from.kind === 'dataset' ? from.dataset.name : from.paths.join(', ');
  const width = encoderOf(model).featureCount;
  let embedded: Embedded | null = null;
  try {
    embedded =
      from.kind === 'dataset'
        ? embedDataset(model, from, control)
        : await embedFiles(requireKept(source), from, (dtype) => embedderOf(model, dtype), control);
    const { samples, parts, leftOut } = embedded;
    makeFolder(dirname(file));
    const facts = { model: model.name, dataset: name, facts: model.facts.join(' ') };
    const writer = openEmbeddings(format, files, { ...samples, width, facts });
    for await (const values of parts) await writer.write(values);
    await writer.finish();
    await giveNames(files);
    return { files: files.map((one) => one.file), samples: samples.count, features: width, leftOut };
  } catch (error) {
    for (const { temporary } of files) await rm(temporary, { force: true });
    throw explained(error, file);
  } finally {
    await embedded?.close();
  }
}

/** Of a checkpoint nobody knows how files become its samples. */
function requireKept(source: Question<'embed'>['source']): { folder: string; head?: string | undefined } {
  if (source.kind === 'model') return source;
  throw new PretextError({
    code: 'embed.no-preparation',
    message: 'A checkpoint does not say how files are prepared for its encoder.',
    place: source.name,
    remedy: 'Import the files as a dataset and embed that, or use a kept model.',
  });
}

function embedDataset(
  model: ExportedModel,
  { dataset, sources }: Extract<Question<'embed'>['from'], { kind: 'dataset' }>,
  { progress }: QuestionControl,
): Embedded {
  requireSuch(dataset, model);
  const count = dataset.offsets.length;
  const embedder = embedderOf(model, dataset.dtype);
  return {
    samples: {
      count,
      index: Int32Array.from({ length: count }, (_, index) => index),
      source: sources,
      label: labelsOf(dataset, count),
      split: Array.from(dataset.splits, splitName),
    },
    parts: (async function* () {
      for (let first = 0; first < count; first += SAMPLES_AT_ONCE) {
        await progress({ done: first, total: count, phase: 'Embedding' });
        const offsets = dataset.offsets.slice(first, first + SAMPLES_AT_ONCE);
        yield await embedder.features({ ...dataset, offsets });
      }
    })(),
    leftOut: 0,
    close: () => Promise.resolve(embedder.close()),
  };
}

const encoderOf = ({ encoder, modality, inputShape, about }: ExportedModel) =>
  buildEncoder(encoder, modality, inputShape, about);

function embedderOf(model: ExportedModel, dtype: SampleType): Embedder {
  const { inputShape, members } = model;
  const channelStatistics = statisticsFor(model.channelStatistics, model.about);
  const encoder = encoderOf(model);
  const sample = { shape: [...inputShape], dtype: computedType(dtype) };
  const { weights } = members[0]!;
  const names = Object.keys(weights).filter((name) => name.startsWith('encoder/'));
  const initial = Object.fromEntries(
    names.map((name) => [name, tensorOf(weights[name]!, weights[name]!.values)]),
  );
  let program: Program;
  try {
    const entries = entriesForAll('embed', (batchSize) =>
      embedEntry({ encoder, channelStatistics, sample, batchSize }),
    );
    program = compileProgram(initial, entries);
  } finally {
    tf.dispose(initial);
  }
  return {
    width: encoder.featureCount,
    features: async (stored) =>
      (await featuresOf(program, stored, Int32Array.from(stored.offsets.keys()))).values,
    close: () => program.dispose(),
  };
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
