/**
 * Looks at a run's health on its held-out samples: how its features are spread, and how well they do the task.
 *
 * The features of some samples are looked at at the end of every epoch; the loss, and the features of two views
 * of a few samples, only as often as they cost little beside training. All of it is the same for every run on
 * the same data, draws from seeds of its own and changes nothing: a run with and without it learns the same.
 */
import type { DatasetSelection } from '../../../contract/messages/dataset-selection.ts';
import { alignment, uniformity } from '../../../learning/evaluation/health/alignment.ts';
import { embeddingDeviation, effectiveRank } from '../../../learning/evaluation/health/collapse.ts';
import type { FeatureMatrix } from '../../../learning/evaluation/probes/features.ts';
import { seedOf, type Program } from '../../../tensor/index.ts';
import { featuresOf } from '../../samples/features.ts';
import { LOSS, VIEW_CALLS, VIEWS } from './program.ts';
import { draw, type SampleLists } from './held-out.ts';
import { readSamples, runOverSamples, typedSamples } from '../../samples/reader.ts';

/** How much is looked at, in samples. */
export interface HealthSizes {
  features: number;
  views: number;
  /** 0: the loss cannot be taken. */
  loss: number;
  /** Epochs between looks at views and loss. */
  epochsBetweenViews: number;
}

/** Rank and deviation need some samples to mean anything, and grow no better with very many. */
const FEATURE_SAMPLES = { least: 64, most: 512, multiple: 32 };
const VIEW_SAMPLES = 64;
/** Samples through the encoder, as a share of an epoch's samples; a training sample costs three or more of them. */
const SHARES = { features: 0.06, views: 0.02 };

/**
 * Sizes that keep looking below three hundredths of the time of training, from about a thousand samples on.
 *
 * @param samples held-out samples
 * @param lossBatch how many of them the loss takes
 */
export function healthSizes(samplesPerEpoch: number, samples: number, lossBatch: number): HealthSizes {
  const { least, most, multiple } = FEATURE_SAMPLES;
  const wanted = multiple * Math.floor((SHARES.features * samplesPerEpoch) / multiple);
  const views = Math.min(VIEW_SAMPLES, samples);
  return {
    features: Math.min(samples, most, Math.max(least, wanted)),
    views,
    loss: lossBatch,
    epochsBetweenViews: Math.max(1, Math.ceil((2 * views + lossBatch) / (SHARES.views * samplesPerEpoch))),
  };
}

/** What was found, by the names of the curves; values that are no numbers any more are left out. */
export type HealthLook = Record<string, number>;

export interface HealthCheck {
  sizes: HealthSizes;
  /** @param views also look at views and loss; @param progress share of the run that is done */
  look(request: { views: boolean; progress: number }): Promise<HealthLook>;
}

/** Draws of the views and of the pretext task: the same at every look, so that curves are smooth. */
const HEALTH_SEED = 0x4ea17;

export function createHealthCheck(
  program: Program,
  datasets: readonly DatasetSelection[],
  samples: SampleLists,
  sizes: HealthSizes,
): HealthCheck {
  const listed = (count: number) =>
    draw(samples, count).flatMap((indices, i) =>
      indices.length > 0 ? [{ dataset: datasets[i]!, indices }] : [],
    );
  const [plain, viewed, solved] = [sizes.features, sizes.views, sizes.loss].map(listed) as [
    Listed[],
    Listed[],
    Listed[],
  ];
  return {
    sizes,
    async look({ views, progress }) {
      const found: HealthLook = await spreadOf(program, plain);
      if (!views) return finite(found);
      Object.assign(found, await viewsOf(program, viewed));
      if (sizes.loss > 0) found['validationLoss'] = await lossOf(program, solved, progress);
      return finite(found);
    },
  };
}

interface Listed {
  dataset: DatasetSelection;
  indices: Int32Array;
}

const finite = (look: HealthLook): HealthLook =>
  Object.fromEntries(Object.entries(look).filter(([, value]) => Number.isFinite(value)));

async function spreadOf(program: Program, listed: readonly Listed[]): Promise<HealthLook> {
  const features = await stacked(listed, ({ dataset, indices }) => featuresOf(program, dataset, indices));
  if (!features.values.every(Number.isFinite)) return {};
  return { embeddingDeviation: embeddingDeviation(features), effectiveRank: effectiveRank(features) };
}

async function viewsOf(program: Program, listed: readonly Listed[]): Promise<HealthLook> {
  const both = await stacked(listed, async ({ dataset, indices }) => {
    const { values, width } = await runOverSamples({
      program,
      entry: VIEWS,
      output: 'features',
      dataset,
      indices,
      sizes: VIEW_CALLS,
      inputs: (call) => ({ seed: seedOf(HEALTH_SEED, call) }),
    });
    return { values, rows: indices.length, columns: width };
  });
  const [first, second] = halves(both);
  return {
    alignment: alignment(first, second),
    uniformity: (uniformity(first) + uniformity(second)) / 2,
  };
}

async function lossOf(program: Program, listed: readonly Listed[], progress: number): Promise<number> {
  const parts = await Promise.all(listed.map(({ dataset, indices }) => readSamples(dataset, indices)));
  const samples = typedSamples(Uint8Array.from(Buffer.concat(parts)), listed[0]!.dataset.dtype);
  return program.run(LOSS, { samples, seed: seedOf(HEALTH_SEED, 0), progress })['loss']![0]!;
}

/** One matrix of the rows of all datasets. */
async function stacked(
  listed: readonly Listed[],
  rowsOf: (part: Listed) => Promise<FeatureMatrix>,
): Promise<FeatureMatrix> {
  const parts: FeatureMatrix[] = [];
  for (const part of listed) parts.push(await rowsOf(part));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const { columns } = parts[0]!;
  const values = new Float32Array(rows * columns);
  let start = 0;
  for (const part of parts) {
    values.set(part.values, start);
    start += part.values.length;
  }
  return { values, rows, columns };
}

/** Left and right half of the columns. */
function halves({ values, rows, columns }: FeatureMatrix): [FeatureMatrix, FeatureMatrix] {
  const half = columns / 2;
  const part = (from: number): FeatureMatrix => ({
    values: Float32Array.from(
      { length: rows * half },
      (_, i) => values[Math.floor(i / half) * columns + from + (i % half)]!,
    ),
    rows,
    columns: half,
  });
  return [part(0), part(half)];
}
