/**
 * What each method learns here and in LightlySSL: kNN accuracy on images that neither was trained on, with the same
 * encoder, images, kind of views, batch, epochs and optimizer, over several seeds.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { knnClasses } from '../../../src/learning/evaluation/probes/knn-probe.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import type { BenchRow } from '../document.ts';
import { startWorker } from '../worker.ts';
import type { BenchContext } from './context.ts';
import { methodPairs, type MethodPair } from './method-pairs.ts';
import type { MethodSetting } from './method-setting.ts';

/** Fewer where fewer rounds are asked for. */
const SEEDS = [1, 2, 3];
const EPOCHS = 10;
const BATCH = 128;
/** From equal weights on equal views the two sides take equal steps, until rounding has grown. */
const FIRST_STEPS = 5;
/** What rounding makes of the losses in so many steps. */
const LIKE_LOSSES = 1e-3;
const SIDE = 28;
const WIDTH = { residual: 128, vit: 96 };
const PATCH = 4;
const CLASSES = 10;
/** Of the 10,000 that the file holds. */
const TEST_IMAGES = 1000;
/** Bytes before the numbers in an IDX file of three dimensions and of one. */
const HEADERS = { images: 16, labels: 8 };

interface Images {
  file: string;
  trainLabels: Uint8Array;
  testLabels: Uint8Array;
  mean: number;
  deviation: number;
}

interface MethodScore {
  /** Accuracies. */
  ours: number;
  peer: number;
  lossDifference: number;
  /** What this program's health watch found: nothing in healthy runs. */
  findings: string[];
}

/** One row a method: mean kNN accuracy over the seeds, and the accuracies themselves. */
export async function methodBench(context: BenchContext): Promise<BenchRow[]> {
  await startTensorFlow({ threads: 1 });
  const images = storeImages(context.folder);
  const pairs = methodPairs.filter(({ method }) => context.only?.includes(method) ?? true);
  const scores = pairs.map(() => [] as MethodScore[]);
  for (const seed of SEEDS.slice(0, context.rounds)) {
    const written = new Set<string>();
    for (const [place, pair] of pairs.entries()) {
      const setting = settingOf(context, images, pair, seed);
      if (!written.has(setting.views)) await writeViews(context, setting);
      written.add(setting.views);
      const score = await trainBoth(context, images, setting);
      requireLikeLosses(pair, score);
      const { ours, peer, lossDifference: apart, findings } = score;
      const losses = `first losses ${apart.toExponential(1)} apart`;
      const health = findings.join(', ') || 'healthy';
      context.say(`method: ${pair.method}, seed ${seed}: ours ${ours}, peer ${peer}, ${losses}, ${health}`);
      scores[place]!.push(score);
    }
  }
  return pairs.map(({ method }, place) => methodRow(method, scores[place]!));
}

/** Kept apart from the runs, so that it can be tested. */
export function methodRow(method: string, seeds: MethodScore[]): BenchRow {
  const mean = (side: 'ours' | 'peer') => seeds.reduce((sum, score) => sum + score[side], 0) / seeds.length;
  const [ours, peer] = [mean('ours'), mean('peer')];
  const differences = seeds.map((score) => score.ours - score.peer);
  return {
    bench: 'method',
    case: method,
    unit: 'kNN accuracy',
    ours,
    peer,
    peerName: 'LightlySSL',
    ratio: ours / peer,
    spread: Math.max(...differences) - Math.min(...differences),
    findings: seeds.flatMap(({ findings }) => findings),
    seeds: seeds.map(({ ours, peer, lossDifference }) => ({ ours, peer, lossDifference })),
  };
}

function settingOf(
  { folder }: BenchContext,
  { file, trainLabels, mean, deviation }: Images,
  pair: MethodPair,
  seed: number,
): MethodSetting {
  const stepsPerEpoch = Math.floor(trainLabels.length / BATCH);
  const { encoder = 'residual', epochs = EPOCHS, viewNames = ['first-view', 'second-view'] } = pair;
  return {
    ...pair,
    seed,
    threads: 1,
    side: SIDE,
    encoder,
    width: 8,
    patch: PATCH,
    features: WIDTH[encoder],
    batch: BATCH,
    steps: stepsPerEpoch * epochs,
    stepsPerEpoch,
    learningRate: pair.learningRate ?? 0.002,
    weightDecay: 1e-4,
    warmupSteps: stepsPerEpoch,
    mean,
    deviation,
    images: file,
    trained: trainLabels.length,
    viewNames,
    views: join(folder, `views-${epochs}-${viewNames.length}.bin`),
    weights: join(folder, 'weights.bin'),
    output: join(folder, 'features.bin'),
    losses: join(folder, 'losses.json'),
    findings: join(folder, 'findings.json'),
  };
}

async function writeViews(context: BenchContext, setting: MethodSetting): Promise<void> {
  const worker = await startWorker('method-views.ts', setting, context.python);
  await worker.run(setting.steps);
  await worker.end();
}

/** Both at once, each on one core: the scores do not depend on the time it takes. Ours writes the first weights. */
async function trainBoth(context: BenchContext, images: Images, setting: MethodSetting) {
  const settings = ['ours', 'peer'].map((side) => ({
    ...setting,
    output: `${setting.output}.${side}`,
    losses: `${setting.losses}.${side}`,
  }));
  const [ours, peer] = [
    await startWorker('method.ts', settings[0]!, context.python),
    await startWorker('method.py', settings[1]!, context.python),
  ];
  requireLikeSize(setting.method, ours.started.parameters!, peer.started.parameters!);
  await Promise.all(
    [ours, peer].map(async (worker) => {
      await worker.run(setting.steps);
      await worker.end();
    }),
  );
  const scores = settings.map(({ output }) => knnAccuracy(images, output, setting.features));
  const losses = settings.map((each) => JSON.parse(readFileSync(each.losses, 'utf8')) as number[]);
  const findings = JSON.parse(readFileSync(setting.findings, 'utf8')) as string[];
  for (const { output, losses: file } of settings) [output, file].forEach((path) => rmSync(path));
  return {
    ours: scores[0]!,
    peer: scores[1]!,
    lossDifference: lossDifference(losses[0]!, losses[1]!),
    findings,
  };
}

/** The largest difference between the losses of the first steps; of losses above 1, as a share. */
export function lossDifference(ours: number[], peer: number[]): number {
  const differences = ours
    .slice(0, FIRST_STEPS)
    .map((loss, step) => Math.abs(loss - peer[step]!) / Math.max(1, Math.abs(peer[step]!)));
  return Math.max(...differences);
}

/** Two programs that take the same first steps compute the same method. */
function requireLikeLosses({ method, ownDraws }: MethodPair, { lossDifference: apart }: MethodScore): void {
  if (ownDraws || apart <= LIKE_LOSSES) return;
  throw new Error(`${method}: from equal weights on equal views the first losses lie ${apart} apart.`);
}

/** Biases before a batch norm, which change nothing, are all that may differ. */
function requireLikeSize(method: string, ours: number, peer: number): void {
  if (Math.abs(ours - peer) <= peer / 100) return;
  throw new Error(
    `${method}: the two differ in size: ${ours} trainable numbers of ours, ${peer} of the peer.`,
  );
}

/** The share of test images whose class their nearest training images tell. */
function knnAccuracy({ trainLabels, testLabels }: Images, file: string, columns: number): number {
  const bytes = readFileSync(file);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const rows = (from: number, count: number) => ({
    values: values.slice(from * columns, (from + count) * columns),
    rows: count,
    columns,
  });
  const known = { features: rows(0, trainLabels.length), classIds: trainLabels };
  const answers = knnClasses(known, rows(trainLabels.length, testLabels.length), CLASSES);
  return answers.filter((answer, index) => answer === testLabels[index]).length / testLabels.length;
}

function storeImages(folder: string): Images {
  mkdirSync(folder, { recursive: true });
  const read = (name: string, header: number) =>
    gunzipSync(
      readFileSync(fileURLToPath(new URL(`../data/fashion-mnist/${name}`, import.meta.url))),
    ).subarray(header);
  const train = read('train-images-idx3-ubyte.gz', HEADERS.images);
  const file = join(folder, 'images.bin');
  const test = read('t10k-images-idx3-ubyte.gz', HEADERS.images).subarray(0, TEST_IMAGES * SIDE * SIDE);
  writeFileSync(file, Buffer.concat([train, test]));
  const mean = train.reduce((sum, value) => sum + value, 0) / train.length;
  const variance = train.reduce((sum, value) => sum + (value - mean) ** 2, 0) / train.length;
  return {
    file,
    trainLabels: read('train-labels-idx1-ubyte.gz', HEADERS.labels),
    testLabels: read('t10k-labels-idx1-ubyte.gz', HEADERS.labels).subarray(0, TEST_IMAGES),
    mean,
    deviation: Math.sqrt(variance),
  };
}
