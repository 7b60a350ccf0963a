/** Why a model answered as it did for one sample: where in it the answer comes from. */
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { valuesToCompute } from '../../contract/data/sample-values.ts';
import { answersNames } from '../../contract/data/target.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Question } from '../../contract/messages/questions.ts';
import { scalesOf, type Model } from '../../contract/model/model.ts';
import { headNames } from '../../contract/model/prediction.ts';
import type { Explanation, ExplanationMap } from '../../contract/model/explanation.ts';
import { dataModality, inDecimals, optionsFor, planNewSamples, readNewSamples } from '../../data/index.ts';
import { normalizeChannels, statisticsFor } from '../../learning/channels.ts';
import { classMap } from '../../learning/downstream/class-map.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { noveltyOf } from '../../learning/evaluation/predictions/novelty.ts';
import { byCell, covered, planOcclusion } from '../../learning/evaluation/predictions/occlusion.ts';
import { startTensorFlow, tensorOf, tf, type State, type StateArrays } from '../../tensor/index.ts';
import { readSamples } from '../samples/reader.ts';
import { answerWidth, cooled, networkOf } from './answer.ts';
import { loadModel, type LoadedModel } from './load.ts';
import { neighborsOf } from './neighbors.ts';
import type { PredictControl } from './predict.ts';
import { restored } from './scales.ts';

/** Covered samples that are answered at a time. */
const COVERS_AT_ONCE = 32;

export async function explain(question: Question<'explain'>, control: PredictControl): Promise<Explanation> {
  await startTensorFlow();
  const loaded = await loadModel(question.model, question.head);
  const { model, weights } = loaded;
  const sample = await sampleOf(question, model, control.signal);
  const states = weights.map((member) =>
    Object.fromEntries(
      Object.entries(member).map(([name, values]) => [name, tensorOf(values, values.values)]),
    ),
  );
  try {
    const answer = answererOf(model, states);
    const [values] = answer([sample]);
    const target = question.target ?? values!.indexOf(Math.max(...values!));
    if (target < 0 || target >= values!.length) throw noSuchTarget(model, target);
    const maps = meanOf(states.map((state, place) => mapOf(model, weights[place]!, state, sample, target)));
    maps.push(await occlusionOf(model, sample, target, answer, control));
    return {
      values: values!,
      target,
      maps,
      panel: await dataModality(model.modality).panel(sample, model.inputShape, model.about),
      nearest: nearestOf(loaded, states[0]!, sample),
      written: null,
    };
  } finally {
    for (const tensor of states.flatMap((state) => Object.values(state))) tensor.dispose();
  }
}

/** Calibrated probabilities, or the number, of some samples; op by op, as a graph would take longer to make. */
function answererOf(
  model: Model,
  states: readonly State[],
): (samples: readonly Float32Array[]) => number[][] {
  const network = networkOf(model);
  const { head, members, temperature } = model;
  return (samples) => {
    const shape = [samples.length, ...model.inputShape];
    const joined = new Float32Array(samples.length * samples[0]!.length);
    samples.forEach((sample, at) => joined.set(sample, at * sample.length));
    const width = answerWidth(head);
    const mean = new Float64Array(samples.length * width);
    for (const [place, state] of states.entries()) {
      const raw = tf.tidy(
        () =>
          network
            .predict({ parameters: state, statistics: state }, tensorOf({ shape, dtype: 'float32' }, joined))
            .answers.dataSync() as Float32Array,
      );
      restored(raw, scalesOf(members[place]!)).forEach((value, at) => (mean[at]! += value / states.length));
    }
    const values = temperature === null ? mean : cooled(head, mean, width, temperature);
    return samples.map((_, row) => [...values.subarray(row * width, (row + 1) * width)]);
  };
}

/** The mean of the members' maps; none where they have none. */
function meanOf(maps: readonly (ExplanationMap | null)[]): ExplanationMap[] {
  const found = maps.filter((map) => map !== null);
  const [first] = found;
  if (!first) return [];
  const values = first.values.map(
    (_, cell) => found.reduce((sum, map) => sum + map.values[cell]!, 0) / found.length,
  );
  return [{ ...first, values }];
}

/** By the features of the first member: the reference holds those. */
function nearestOf(loaded: LoadedModel, state: State, sample: Float32Array): Explanation['nearest'] {
  const { model, reference } = loaded;
  if (!reference || !model.reference) return [];
  const values = tf.tidy(() => {
    const input = tensorOf({ shape: [1, ...model.inputShape], dtype: 'float32' }, sample);
    const { features } = networkOf(model).predict({ parameters: state, statistics: state }, input);
    return features.dataSync() as Float32Array;
  });
  const features = { values, rows: 1, columns: values.length };
  const [found] = noveltyOf(reference.features, model.reference, features);
  return neighborsOf(loaded, found!);
}

/** By the last maps of the encoder; null where its features are no means of them. */
function mapOf(
  model: Model,
  weights: StateArrays,
  state: State,
  sample: Float32Array,
  target: number,
): ExplanationMap | null {
  const encoder = buildEncoder(model.encoder, model.modality, model.inputShape, model.about);
  const kernel = weights['head/kernel'];
  if (!kernel) return null;
  const outputs = kernel.shape[1]!;
  const own = Float32Array.from(
    { length: kernel.shape[0]! },
    (_, channel) => kernel.values[channel * outputs + target]!,
  );
  const { features, last } = tf.tidy(() => {
    const input = tensorOf({ shape: [1, ...model.inputShape], dtype: 'float32' }, sample);
    const { features: found, stages } = encoder.apply(
      { parameters: state, statistics: state },
      normalizeChannels(input, statisticsFor(model.channelStatistics, model.about)),
      { training: false },
    );
    return { features: found, last: stages.at(-1) ?? found };
  });
  try {
    if (last.shape.length < 3) return null;
    const values = classMap(last.dataSync() as Float32Array, features.dataSync() as Float32Array, own);
    return values && { method: 'grad-cam', grid: last.shape.slice(1, -1), values: [...values] };
  } finally {
    tf.dispose([features, last]);
  }
}

/** Of classes the log probability that is lost when a part is covered, of numbers what the answer loses. */
async function occlusionOf(
  model: Model,
  sample: Float32Array,
  target: number,
  answer: (samples: readonly Float32Array[]) => number[][],
  control: PredictControl,
): Promise<ExplanationMap> {
  const plan = planOcclusion(model.inputShape);
  // Of rows a covered cell is one that nobody knows: the mean of a category's codes would be another category.
  const { mean } = model.channelStatistics;
  const fill = model.about.columns ? model.about.columns.map(() => NaN) : mean;
  const height = (values: readonly number[]) =>
    answersNames(model.head.kind) ? Math.log(Math.max(1e-12, values[target]!)) : values[target]!;
  const whole = height(answer([sample])[0]!);
  const drops: number[] = [];
  for (let first = 0; first < plan.covers.length; first += COVERS_AT_ONCE) {
    const some = plan.covers.slice(first, first + COVERS_AT_ONCE);
    const answers = answer(some.map((cover) => covered(sample, model.inputShape, cover, fill)));
    drops.push(...answers.map((values) => whole - height(values)));
    await control.progress({ done: drops.length, total: plan.covers.length, phase: 'Covering parts' });
  }
  return { method: 'occlusion', grid: plan.grid, values: [...byCell(plan, drops)] };
}

/** The one sample, as float32 in stored units. */
async function sampleOf(
  { from }: Question<'explain'>,
  kept: Model,
  signal: AbortSignal,
): Promise<Float32Array> {
  if (from.kind === 'dataset') {
    const bytes = await readSamples(from.dataset, Int32Array.of(0));
    return Float32Array.from(valuesToCompute(bytes, from.dataset.dtype));
  }
  const model = inDecimals(kept, from.decimal);
  const scratch = await mkdtemp(join(tmpdir(), 'pretext-explain-'));
  try {
    const plan = await planNewSamples(
      [fileOf(from.source)],
      optionsFor(model.preparation),
      model.modality,
      signal,
    );
    for (const part of plan.parts) {
      const samples = await readNewSamples(part, model, join(scratch, 'part.shard'), signal);
      try {
        const place = samples.sources.indexOf(from.source);
        if (place < 0 && samples.sources.length > 0 && isFile(from.source))
          throw severalSamples(from.source, samples.sources);
        if (place < 0) continue;
        const bytes = await readSamples({ ...samples, name: from.source }, Int32Array.of(place));
        return Float32Array.from(valuesToCompute(bytes, samples.dtype));
      } finally {
        await samples.close();
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  throw noSuchSample(from.source);
}

/** "a/b.csv rows 1–128" lies in a/b.csv: the longest beginning that is a file. */
function fileOf(source: string): string {
  if (statSync(source, { throwIfNoEntry: false })?.isDirectory()) throw aFolder(source);
  for (let end = source.length; end > 0; end = source.lastIndexOf(' ', end - 1))
    if (existsSync(source.slice(0, end))) return source.slice(0, end);
  throw noSuchSample(source);
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function severalSamples(source: string, found: readonly string[]): PretextError {
  return new PretextError({
    code: 'explain.several',
    message: `The file holds ${found.length} samples, and one is explained at a time.`,
    place: source,
    remedy: `Name one as answers name it, for example “${found[0]}”.`,
  });
}

function aFolder(source: string): PretextError {
  return new PretextError({
    code: 'explain.folder',
    message: 'This is a folder, and one sample is explained at a time.',
    place: source,
    remedy: 'Name one of its files; of a file with several samples, one of these as answers name it.',
  });
}

function noSuchSample(source: string): PretextError {
  return new PretextError({
    code: 'explain.no-sample',
    message: 'There is no such sample any more: its file is gone, or holds others now.',
    place: source,
    remedy: 'Let the model answer the files anew, and explain one of those answers.',
  });
}

function noSuchTarget({ head }: Model, target: number): PretextError {
  const names = headNames(head);
  return new PretextError({
    code: 'explain.no-class',
    message: `The model has no class number ${target}.`,
    remedy: `It answers: ${names.join(', ')}.`,
  });
}
