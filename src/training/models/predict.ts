/** Predictions: samples of a dataset or in files, part by part through a kept model, shown or written to a file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportIssue } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Question } from '../../contract/messages/questions.ts';
import type { QuestionProgress } from '../../contract/messages/trainer.ts';
import type { Model } from '../../contract/model/model.ts';
import type { Prediction, Predictions } from '../../contract/model/prediction.ts';
import {
  inDecimals,
  optionsFor,
  panelsOf,
  planNewSamples,
  readNewSamples,
  type NewSamples,
} from '../../data/index.ts';
import { startTensorFlow } from '../../tensor/index.ts';
import { readSamples, type StoredSamples } from '../samples/reader.ts';
import { createAnswerer, type Answerer, type Answers } from './answer.ts';
import { loadModel, type LoadedModel } from './load.ts';
import { neighborsOf } from './neighbors.ts';
import { requirePlaceForAll, requireStretches } from './output/stretches-file.ts';
import { openPredictionsFile, type PredictionsFile } from './output/predictions-file.ts';

/** Samples that are answered at a time. */
const SAMPLES_AT_ONCE = 2048;
const MOST_ISSUES = 1000;

export interface PredictControl {
  signal: AbortSignal;
  progress(progress: QuestionProgress): Promise<void>;
}

/** Some samples, where they lie and what they are called. */
interface Part {
  stored: StoredSamples;
  sources: readonly string[];
  /** Place of the first in the dataset; null for files. */
  firstSample: number | null;
  startSeconds: Float64Array | null;
  recordings: readonly string[] | null;
  issues: readonly ImportIssue[];
  /** How far all is once this part is done. */
  done: number;
  close(): Promise<void>;
}

interface Source {
  total: number;
  /** Another where other samples are meant, or where they changed. */
  fingerprint: string;
  issues: readonly ImportIssue[];
  /** @param first parts before it were done by an earlier try */
  parts(first: number): AsyncGenerator<Part>;
}

export async function predict(question: Question<'predict'>, control: PredictControl): Promise<Predictions> {
  const started = performance.now();
  await startTensorFlow();
  const loaded = await loadModel(question.model, question.head);
  if (question.stretches) requireStretches(loaded.model, question.stretches);
  const scratch = await mkdtemp(join(tmpdir(), 'pretext-predict-'));
  let output: PredictionsFile | null = null;
  let answerer: Answerer | null = null;
  try {
    const source =
      question.from.kind === 'files'
        ? await filesSource(loaded, question, question.from, scratch, control.signal)
        : datasetSource(question, question.from);
    if (question.output || question.stretches)
      output = await openPredictionsFile(question, loaded.model, source.fingerprint);
    const result: Predictions = {
      samples: output?.samples ?? 0,
      rows: [],
      leftOut: output?.leftOut ?? 0,
      issues: [],
      seconds: 0,
      file: null,
      leftOutFile: null,
      stretches: null,
    };
    const note = (issues: readonly ImportIssue[]) => {
      result.leftOut += issues.filter(({ severity }) => severity === 'left-out').length;
      result.issues.push(...issues.slice(0, MOST_ISSUES - result.issues.length));
    };
    const first = output?.partsDone ?? 0;
    if (first === 0) {
      note(source.issues);
      await output?.begin(source.issues);
    }
    for await (const part of source.parts(first)) {
      try {
        note(part.issues);
        await output?.note(part.issues);
        // One recording may hold any number of windows.
        for (const some of piecesOf(part)) {
          control.signal.throwIfAborted();
          answerer ??= createAnswerer(loaded, some.stored.dtype);
          const count = some.sources.length;
          const answers = await answerer.answer(
            some.stored,
            Int32Array.from({ length: count }, (_, i) => i),
          );
          const rows = rowsOf(loaded, some, answers);
          await output?.append(rows, answers.features);
          const shown = rows.slice(0, question.rows - result.rows.length);
          result.rows.push(...(question.pictures ? await withPanels(loaded, some.stored, shown) : shown));
          result.samples += count;
        }
        await output?.endPart();
      } finally {
        await part.close();
      }
      await control.progress({ done: part.done, total: source.total, phase: 'Predicting' });
    }
    if (result.samples === 0) {
      await output?.discard();
      throw nothingToAnswer(question, result.issues);
    }
    if (output) Object.assign(result, await output.finish());
    return { ...result, seconds: (performance.now() - started) / 1000 };
  } finally {
    await output?.close();
    answerer?.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function filesSource(
  { model: kept }: LoadedModel,
  { stretches }: Question<'predict'>,
  { paths, decimal }: Extract<Question<'predict'>['from'], { kind: 'files' }>,
  scratch: string,
  signal: AbortSignal,
): Promise<Source> {
  const model = inDecimals(kept, decimal);
  const everySeconds = stretches ? windowsEvery(model, stretches.smoothing.everySeconds) : undefined;
  const options = optionsFor(model.preparation, everySeconds);
  const plan = await planNewSamples(paths, options, model.modality, signal);
  if (stretches) requirePlaceForAll(stretches, plan.files);
  const wanted = { ...model, everySeconds };
  const filesIn = (count: number) =>
    plan.parts.slice(0, count).reduce((sum, { listing }) => sum + listing.files.length, 0);
  return {
    total: plan.files,
    fingerprint: decimal === undefined ? plan.fingerprint : `${plan.fingerprint} ${decimal}`,
    issues: plan.issues,
    async *parts(first) {
      // The next part is read while the one before is answered.
      const read = (place: number): Promise<NewSamples> | null => {
        const part = plan.parts[place];
        if (!part) return null;
        const reading = readNewSamples(part, wanted, join(scratch, `${place}.shard`), signal);
        // Told when its turn comes.
        reading.catch(() => undefined);
        return reading;
      };
      let next = read(first);
      try {
        for (let place = first; next; place++) {
          const samples = await next;
          next = read(place + 1);
          const { sources, startSeconds, recordings, issues, close } = samples;
          const stored = { ...samples, name: 'the new samples' };
          const done = filesIn(place + 1);
          yield { stored, sources, firstSample: null, startSeconds, recordings, issues, done, close };
        }
      } finally {
        await next?.then(({ close }) => close()).catch(() => undefined);
      }
    },
  };
}

/** As far apart as in training, and no farther than they are long: all of a recording is to be answered. */
function windowsEvery({ preparation }: Model, wished: number | undefined): number {
  const { options, stored, samplingRate } = preparation;
  const length = stored.shape[0]!;
  return wished ?? Math.min(length, options.signals.windowStride ?? length) / (samplingRate ?? 1);
}

function datasetSource(
  { stretches }: Question<'predict'>,
  { dataset, sources }: Extract<Question<'predict'>['from'], { kind: 'dataset' }>,
): Source {
  if (stretches) throw noWholeRecordings(dataset.name);
  const total = dataset.offsets.length;
  return {
    total,
    fingerprint: `${dataset.shard} ${total}`,
    issues: [],
    async *parts(first) {
      for (let from = first * SAMPLES_AT_ONCE; from < total; from += SAMPLES_AT_ONCE) {
        const to = Math.min(total, from + SAMPLES_AT_ONCE);
        yield {
          stored: { ...dataset, offsets: dataset.offsets.slice(from, to) },
          sources: sources.slice(from, to),
          firstSample: from,
          startSeconds: null,
          recordings: null,
          issues: [],
          done: to,
          close: () => Promise.resolve(),
        };
      }
    },
  };
}

/** A part in pieces that are answered at a time. */
function* piecesOf(part: Part): Generator<Part> {
  const { stored, sources, startSeconds, firstSample } = part;
  for (let from = 0; from < sources.length; from += SAMPLES_AT_ONCE) {
    const to = Math.min(sources.length, from + SAMPLES_AT_ONCE);
    yield {
      ...part,
      stored: { ...stored, offsets: stored.offsets.slice(from, to) },
      sources: sources.slice(from, to),
      startSeconds: startSeconds?.subarray(from, to) ?? null,
      recordings: part.recordings?.slice(from, to) ?? null,
      firstSample: firstSample === null ? null : firstSample + from,
    };
  }
}

function rowsOf(
  loaded: LoadedModel,
  { sources, firstSample, startSeconds, recordings }: Part,
  { values, width, nearest }: Answers,
): Prediction[] {
  return sources.map((source, row) => {
    const found = nearest?.[row];
    return {
      source,
      sample: firstSample === null ? null : firstSample + row,
      startSeconds: startSeconds?.[row] ?? null,
      ...(recordings && { recording: recordings[row]! }),
      values: [...values.subarray(row * width, (row + 1) * width)],
      percentile: found?.percentile ?? null,
      nearest: found ? neighborsOf(loaded, found) : [],
    };
  });
}

async function withPanels(
  { model }: LoadedModel,
  stored: StoredSamples,
  rows: readonly Prediction[],
): Promise<Prediction[]> {
  if (rows.length === 0) return [];
  const bytes = await readSamples(stored, Int32Array.from(rows.keys()));
  const { modality, about } = model;
  const panels = await panelsOf(bytes, { ...stored, modality, about });
  return rows.map((row, at) => ({ ...row, panel: panels[at]! }));
}

function noWholeRecordings(name: string): PretextError {
  return new PretextError({
    code: 'stretches.no-files',
    message: 'A dataset holds windows of its recordings, which need not follow each other.',
    place: name,
    remedy: 'Let the model answer the files of the recordings themselves.',
  });
}

function nothingToAnswer({ from }: Question<'predict'>, issues: readonly ImportIssue[]): PretextError {
  const [issue] = issues.filter(({ severity }) => severity === 'left-out');
  return new PretextError({
    code: 'predict.nothing',
    message: issue
      ? `No sample could be read. The first reason: ${issue.file}: ${issue.message}`
      : 'There is no sample to answer.',
    ...(from.kind === 'files' && { place: from.paths[0]! }),
    remedy: 'Choose files or folders that hold samples of the kind that the model was trained on.',
  });
}
