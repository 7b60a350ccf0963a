/** Rotation prediction: by how many quarter turns was the image turned? */
import { z } from 'zod';
import {
  childSeed,
  integers,
  projectiveTransform,
  softmaxCrossEntropy,
  tf,
  type Tensor,
} from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { linearHead } from '../../layers/dense.ts';
import { agreement } from '../../losses/nt-xent.ts';
import { imageViewField } from '../../views/image.ts';
import { randomView } from '../../modalities/views.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

const TURNS = 4;

const options = z.strictObject({
  imageViews: imageViewField({ cropMinimum: 0.6, greyProbability: 0 }, 'Views before turning'),
});
type Options = z.output<typeof options>;

/** Quarter turns, counted against the clock, int32 [count] from 0 to 3: the pseudo-labels. */
export const sampleTurns = (seed: Tensor, count: number): Tensor =>
  integers([count], childSeed(seed, 'turns'), 0, TURNS);

/**
 * Turns square images by quarter turns against the clock, exactly: every pixel is moved, none is mixed.
 *
 * @param images float32 [N, S, S, C]
 * @param turns int32 [N]
 */
export function rotate(images: Tensor, turns: Tensor): Tensor {
  return tf.tidy(() => {
    const [, height, width] = images.shape as [number, number, number, number];
    if (height !== width) throw new RangeError(`only square images can be turned, not ${height} × ${width}`);
    const last = height - 1;
    // Output pixel (x, y) is read from (a·x + b·y + c, d·x + e·y + f).
    const transforms = tf.tensor2d([
      [1, 0, 0, 0, 1, 0, 0, 0],
      [0, -1, last, 1, 0, 0, 0, 0],
      [-1, 0, last, 0, -1, last, 0, 0],
      [0, 1, 0, -1, 0, last, 0, 0],
    ]);
    const chosen = tf.gather(transforms, turns as never);
    return projectiveTransform(images, chosen, [height, width], 'nearest', 'constant');
  });
}

/** A random square view, then turned. Images that are not square are cut to their shorter side. */
function turnedViews({ samples, seed, options, channelStatistics }: PreviewRequest<Options>) {
  const [count, height, width] = samples.shape as [number, number, number, number];
  const side = Math.min(height, width);
  const view = randomView(
    samples,
    childSeed(seed, 'view'),
    { modality: 'image', options: options.imageViews, size: [side, side] },
    channelStatistics,
  );
  const turns = sampleTurns(seed, count);
  return { images: rotate(view, turns), turns };
}

export const rotation = definePretextTask({
  id: 'rotation',
  title: 'Rotation prediction',
  summary:
    'Turns every image by 0, 90, 180 or 270 degrees and learns to tell by how much. Quick and simple; for images that have an upright position, not for those seen from above or under a microscope.',
  paper: {
    authors: 'Gidaris, Singh, Komodakis',
    year: 2018,
    title: 'Unsupervised Representation Learning by Predicting Image Rotations',
    url: 'https://arxiv.org/abs/1803.07728',
  },
  modalities: ['image'],
  family: 'predictive',
  needsUpright: true,
  meanOverSamples: true,
  pseudoLabel: 'By how many quarter turns the image was turned: 0, 1, 2 or 3.',
  healthy:
    'Accuracy leaves 0.25 within the first epoch and rises steadily. If it stays at 0.25, the images have no upright position; if it is near 1 at once, the task is too easy to teach much.',
  options,
  defaults: ({ sampleCount }) => ({
    options: {},
    // Chosen on validation images of Fashion-MNIST: 0.001 left the encoder hardly better than random weights.
    training: { ...oneViewSuits(sampleCount), learningRate: 0.004 },
  }),
  build({ encoder, options, modality, channelStatistics }) {
    const head = linearHead('head', encoder.featureCount, TURNS);
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const { images, turns } = turnedViews({ samples, seed, options, modality, channelStatistics });
        const logits = head.apply(encode(normalizeChannels(images, channelStatistics)).features, pass);
        const loss = tf.mean(softmaxCrossEntropy(logits, turns));
        return { loss: loss as never, metrics: { accuracy: agreement(logits, turns) } };
      },
    });
  },
  preview(request) {
    const { images, turns } = turnedViews(request);
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        { title: 'Turned', role: 'view', values: images },
      ],
      pseudoLabels: Array.from(turns.dataSync(), (turn) => `turned by ${90 * turn}°`),
    };
  },
});
