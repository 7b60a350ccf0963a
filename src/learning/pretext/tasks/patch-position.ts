/** Relative patch position: on which side of the first patch does the second one lie? */
import { z } from 'zod';
import { PretextError } from '../../../contract/errors.ts';
import {
  childSeed,
  integers,
  softmaxCrossEntropy,
  tf,
  withRowsOfSample,
  type Scalar,
  type Tensor,
} from '../../../tensor/index.ts';
import { normalizeChannels, restoreChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { agreement } from '../../losses/nt-xent.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { imageViewField } from '../../views/image.ts';
import { cutPatches, drawWhole, dropColors } from '../../views/patches.ts';
import { fittingEnlargement } from '../../modalities/views.ts';
import { randomView } from '../../modalities/views.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

/** Row-major in the 3 × 3 grid, without the centre: the number of each is its pseudo-label. */
export const POSITIONS = [
  'above left',
  'above',
  'above right',
  'left',
  'right',
  'below left',
  'below',
  'below right',
] as const;
const CENTRE = 4;
const PATCHES = 9;
const SMALLEST_PATCH = 3;

const options = z.strictObject({
  patch: integerField({
    title: 'Patch',
    help: 'Side of the square patches.',
    minimum: SMALLEST_PATCH,
    maximum: 256,
    default: 8,
    unit: 'pixels',
  }),
  gap: integerField({
    title: 'Gap',
    help: 'Distance between patches, so that lines that go on from one to the other do not give the answer.',
    minimum: 0,
    maximum: 128,
    default: 1,
    unit: 'pixels',
  }),
  jitter: integerField({
    title: 'Jitter',
    help: 'Every patch is moved by up to so much in each direction.',
    minimum: 0,
    maximum: 64,
    default: 1,
    unit: 'pixels',
  }),
  colorDrop: numberField({
    title: 'Colours dropped',
    help: 'Share of patches that keep one colour only: lenses bend colours differently at the edge, which gives places away. Without effect on grey images.',
    minimum: 0,
    maximum: 1,
    default: 0.8,
  }),
  // On chest X-rays crops before the cut cost what the encoder is worth to a linear probe: off unless asked for.
  imageViews: imageViewField(
    { cropMinimum: 1, flipProbability: 0, jitterProbability: 0, greyProbability: 0 },
    'Views before cutting',
  ),
  enlarge: integerField({
    title: 'Enlarged',
    help: 'So many times larger does the encoder see patches, which lets its deeper layers learn from small ones.',
    minimum: 1,
    maximum: 4,
    default: 1,
    unit: 'times',
    advanced: true,
  }),
  hidden: integerField({
    title: 'Hidden width',
    help: 'Hidden units of the head that compares two patches, which is dropped after pretraining.',
    minimum: 8,
    maximum: 8192,
    default: 256,
    unit: 'units',
    advanced: true,
  }),
});
type Options = z.output<typeof options>;
type Geometry = Pick<Options, 'patch' | 'gap' | 'jitter'>;

/** Pixels along a side that nine patches need, wherever their jitter puts them. */
export const sideNeeded = ({ patch, gap, jitter }: Geometry) => 3 * patch + 2 * gap + 2 * jitter;

/** The largest patches that fit, with a gap of a quarter and a jitter of a twelfth of their side. */
export function geometryFor(side: number): Geometry {
  for (let patch = Math.floor(side / 3); patch >= SMALLEST_PATCH; patch--) {
    const gap = Math.max(1, Math.round(patch / 4));
    const jitter = patch === SMALLEST_PATCH ? 0 : Math.max(1, Math.round(patch / 12));
    const geometry = { patch, gap, jitter };
    if (sideNeeded(geometry) <= side) return geometry;
  }
  return { patch: SMALLEST_PATCH, gap: 1, jitter: 0 };
}

const proposedPatches = (side: number) => {
  const geometry = geometryFor(side);
  return { ...geometry, enlarge: fittingEnlargement(geometry.patch, 'image') };
};

function requireRoom(geometry: Geometry, inputShape: readonly number[]): void {
  const [height, width] = inputShape as [number, number];
  const needed = sideNeeded(geometry);
  if (Math.min(height, width) >= needed) return;
  const { patch, gap, jitter } = geometry;
  const smallest = sideNeeded({ patch: SMALLEST_PATCH, gap: 1, jitter: 0 });
  throw new PretextError({
    code: 'task.too-small',
    message: `Nine patches of ${patch} pixels with gap ${gap} and jitter ${jitter} need images of at least ${needed} pixels a side. Found: ${height} × ${width}.`,
    place: 'pretext.options.patch',
    remedy:
      Math.min(height, width) >= smallest
        ? 'Choose a smaller `patch`, `gap` or `jitter`, or leave all three out: they are then fitted to the images.'
        : `Choose another task: this one needs images of at least ${smallest} × ${smallest} pixels.`,
  });
}

/**
 * Where nine patches begin: a 3 × 3 grid anywhere in the image, each patch moved by its own jitter.
 *
 * @returns float32 [count, 9, 2], whole numbers: row and column of each patch's first pixel, row-major
 */
export function samplePatchStarts(
  seed: Tensor,
  count: number,
  sides: readonly number[],
  geometry: Geometry,
): Tensor {
  const { patch, gap, jitter } = geometry;
  const step = patch + gap;
  const along = sides.map((side, axis) => {
    const most = side - (3 * patch + 2 * gap) - jitter;
    const corner = drawWhole(seed, `grid/${axis}`, [count, 1], jitter, most);
    const places = Array.from({ length: PATCHES }, (_, index) =>
      axis === 0 ? Math.floor(index / 3) * step : (index % 3) * step,
    );
    const moved = drawWhole(seed, `jitter/${axis}`, [count, PATCHES], -jitter, jitter);
    return tf.add(tf.add(corner, moved), tf.tensor2d([places]));
  });
  return tf.stack(along, 2);
}

/** All nine patches of each image as the encoder takes them: float32 [count · 9, patch, patch, C]. */
function patchTask({ samples, seed, options, channelStatistics }: PreviewRequest<Options>): Tensor {
  const [count, height, width] = samples.shape as [number, number, number, number];
  const view = { modality: 'image' as const, options: options.imageViews };
  const images = randomView(samples, childSeed(seed, 'view'), view, channelStatistics);
  const starts = samplePatchStarts(childSeed(seed, 'patches'), count, [height, width], options);
  const patches = cutPatches(images, starts, [options.patch, options.patch], options.enlarge);
  const normalized = normalizeChannels(patches, channelStatistics);
  return withRowsOfSample(PATCHES, () =>
    dropColors(normalized, childSeed(seed, 'colors'), options.colorDrop),
  );
}

/** The features of the centre beside those of each of its eight neighbours: [count · 8, 2 F]. */
function pairWithCentre(features: Tensor, count: number): Tensor {
  const size = features.shape[1]!;
  const grid = tf.reshape(features, [count, PATCHES, size]);
  const centre = tf.tile(tf.slice(grid, [0, CENTRE, 0], [count, 1, size]), [1, PATCHES - 1, 1]);
  const before = tf.slice(grid, [0, 0, 0], [count, CENTRE, size]);
  const after = tf.slice(grid, [0, CENTRE + 1, 0], [count, PATCHES - 1 - CENTRE, size]);
  const pairs = tf.concat([centre, tf.concat([before, after], 1)], 2);
  return tf.reshape(pairs, [count * (PATCHES - 1), 2 * size]);
}

export const patchPosition = definePretextTask({
  id: 'patch-position',
  title: 'Relative patch position',
  summary:
    'Cuts a patch and its eight neighbours out of every image and learns to tell on which side of the first each of them lies. For images of things with parts that have their places; not for textures.',
  paper: {
    authors: 'Doersch, Gupta, Efros',
    year: 2015,
    title: 'Unsupervised Visual Representation Learning by Context Prediction',
    url: 'https://arxiv.org/abs/1505.05192',
  },
  modalities: ['image'],
  family: 'predictive',
  meanOverSamples: true,
  pseudoLabel: 'On which of eight sides of the first patch the second one lies.',
  healthy:
    'Accuracy leaves 0.125 (chance, one of eight) within the first epochs and rises slowly; 0.3 to 0.6 is common. If it stays at 0.125, patches show too little: make them larger. If it is near 1 at once, a shortcut gives places away: widen gap and jitter, drop more colours.',
  options,
  defaults: ({ inputShape }) => ({
    options: proposedPatches(Math.min(inputShape[0]!, inputShape[1]!)),
    // Nine patches of each image fill a batch. Chosen on validation images of Fashion-MNIST: with fewer, slower steps
    // the encoder was worse than random weights.
    training: { batchSize: 64, learningRate: 0.006, epochs: 30, warmupEpochs: 1 },
  }),
  check: (chosen, { inputShape }) => requireRoom(chosen, inputShape),
  build({ encoder, options, modality, channelStatistics }) {
    const head = projection({
      name: 'head',
      inputs: 2 * encoder.featureCount,
      hidden: options.hidden,
      outputs: POSITIONS.length,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const count = samples.shape[0]!;
        const patches = patchTask({ samples, seed, options, modality, channelStatistics });
        const { features } = withRowsOfSample(PATCHES, () => encode(patches));
        const logits = head.apply(pairWithCentre(features, count), pass);
        const positions = Int32Array.from(
          { length: count * POSITIONS.length },
          (_, i) => i % POSITIONS.length,
        );
        const targets = tf.tensor1d(positions, 'int32');
        const loss = tf.mean(softmaxCrossEntropy(logits, targets)) as Scalar;
        return { loss, metrics: { accuracy: agreement(logits, targets) } };
      },
    });
  },
  preview(request) {
    const { samples, seed, channelStatistics } = request;
    const count = samples.shape[0]!;
    const patches = restoreChannels(patchTask(request), channelStatistics);
    const shown = Array.from(integers([count], childSeed(seed, 'shown'), 0, POSITIONS.length).dataSync());
    const pick = (places: number[]) =>
      tf.gather(
        patches,
        tf.tensor1d(
          places.map((place, sample) => sample * PATCHES + place),
          'int32',
        ) as never,
      );
    return {
      columns: [
        { title: 'Sample', role: 'input', values: samples },
        { title: 'First patch', role: 'view', values: pick(shown.map(() => CENTRE)) },
        {
          title: 'Second patch',
          role: 'view',
          values: pick(shown.map((position) => (position < CENTRE ? position : position + 1))),
        },
      ],
      pseudoLabels: shown.map((position) => `the second patch lies ${POSITIONS[position]!}`),
    };
  },
});
