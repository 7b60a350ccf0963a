/** Colorization: from a grey picture, which colour was it at every place? */
import { z } from 'zod';
import {
  meanOfAll,
  softmaxCrossEntropySoft,
  tf,
  toFloat,
  type Scalar,
  type Tensor,
} from '../../../tensor/index.ts';
import { colorBins, rarityWeights, spreadOverBins, type ColorBins } from '../parts/color-bins.ts';
import { normalizeChannels } from '../../channels.ts';
import { patchDecoder } from '../../layers/decoder.ts';
import { variable } from '../../layers/layer.ts';
import { integerField, numberField, switchField } from '../../../contract/fields.ts';
import { imageViewField } from '../../views/image.ts';
import { greyOfLightness, labToRgb, rgbToLab } from '../../views/lab.ts';
import { areaResize } from '../../views/resize.ts';
import { randomView } from '../../modalities/views.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

const options = z.strictObject({
  binSize: numberField({
    title: 'Colour bin',
    help: 'Side of the squares into which colours are sorted; smaller means more classes.',
    minimum: 5,
    maximum: 60,
    default: 20,
    unit: 'units of a and b',
  }),
  detail: integerField({
    title: 'Detail',
    help: 'Every place of the encoder’s last maps tells the colours of so many places along a side.',
    minimum: 1,
    maximum: 8,
    default: 2,
  }),
  rebalance: switchField({
    title: 'Rare colours count more',
    help: 'Weigh colours by their rarity in the data, so that not everything becomes grey.',
    default: true,
  }),
  imageViews: imageViewField(
    { cropMinimum: 0.4, jitterProbability: 0, greyProbability: 0 },
    'Views before the colours are taken away',
  ),
});
type Options = z.output<typeof options>;

const FREQUENCY = 'colors/frequency';
/** Share of the old frequencies that is kept at each step. */
const MOMENTUM = 0.98;

/** A view, apart: L [N, H, W, 1] and a, b [N, H, W, 2]. */
function colorTask({ samples, seed, options, channelStatistics }: PreviewRequest<Options>) {
  const view = randomView(
    samples,
    seed,
    { modality: 'image', options: options.imageViews },
    channelStatistics,
  );
  const lab = rgbToLab(tf.clipByValue(view, 0, 255));
  const [lightness, ab] = tf.split(lab, [1, 2], 3) as [Tensor, Tensor];
  return { lightness, ab, grey: greyOfLightness(lightness) };
}

/** [h, w] in which colours are told: `detail` places along a side for each place of the maps, where there are as many. */
export function colorPlaces(
  mapShape: readonly number[],
  inputShape: readonly number[],
  detail: number,
): [number, number] {
  const along = (axis: number) =>
    mapShape[axis]! * Math.max(1, Math.min(detail, Math.floor(inputShape[axis]! / mapShape[axis]!)));
  return [along(0), along(1)];
}

/** Mean colours of the places, and their bins: [N · h · w, bins]. */
function colorTargets(ab: Tensor, places: readonly [number, number], bins: ColorBins): Tensor {
  const coarse = areaResize(ab, places);
  return spreadOverBins(tf.reshape(coarse, [-1, 2]), bins);
}

export const colorization = definePretextTask({
  id: 'colorization',
  title: 'Colorization',
  summary:
    'Takes the colours away from every image and learns to tell them back. For colour images in which colour says something about the thing; the encoder sees grey images only, so choose another task where colour itself makes the classes.',
  paper: {
    authors: 'Zhang, Isola, Efros',
    year: 2016,
    title: 'Colorful Image Colorization',
    url: 'https://arxiv.org/abs/1603.08511',
  },
  modalities: ['image'],
  family: 'predictive',
  channels: {
    least: 3,
    most: 3,
    advice:
      'Grey images have no colours to predict: choose another task (rotation, jigsaw, masked-reconstruction). If the files are in colour, set `data.color` to `color`.',
  },
  pseudoLabel: 'Which colour (one of some hundred bins) each place of the grey image had.',
  healthy:
    'The loss starts near the logarithm of the number of colour bins and falls quickly, then slowly. Accuracy beats the share of the commonest colour, and the colour error the mean distance of colours from grey, only where colours can be guessed; if neither moves after the first epochs, they cannot, and the task teaches little.',
  options,
  defaults: ({ sampleCount }) => ({
    options: { binSize: sampleCount >= 20_000 ? 10 : 20 },
    training: oneViewSuits(sampleCount),
  }),
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const bins = colorBins(options.binSize);
    const mapShape = encoder.stageShapes.at(-1)!;
    const places = colorPlaces(mapShape, inputShape, options.detail);
    const decoder = patchDecoder({ mapShape, sides: places, channels: bins.centres.length });
    return pretextModel({
      encoder,
      heads: [decoder],
      buffers: () => ({ [FREQUENCY]: tf.fill([bins.centres.length], 1 / bins.centres.length) }),
      step({ samples, seed, encode, pass, buffers, training }) {
        const { ab, grey } = colorTask({ samples, seed, options, modality, channelStatistics });
        const targets = colorTargets(ab, places, bins);
        const maps = encode(normalizeChannels(grey, channelStatistics)).stages.at(-1)!;
        const logits = tf.reshape(decoder.apply(maps, pass), targets.shape);
        const frequency = variable(buffers, FREQUENCY);
        const classes = tf.argMax(targets, 1);
        const losses = softmaxCrossEntropySoft(logits, targets);
        const weights = options.rebalance
          ? tf.gather(rarityWeights(frequency), classes as never)
          : tf.onesLike(losses);
        const hit = tf.cast(tf.equal(tf.argMax(logits, 1), classes), 'float32');
        const next = tf.add(
          tf.mul(frequency, MOMENTUM),
          tf.mul(meanOfAll(tf.mean(targets, 0)), 1 - MOMENTUM),
        );
        return {
          loss: tf.mean(tf.mul(losses, weights)) as Scalar,
          metrics: { accuracy: tf.mean(hit) as Scalar, colorError: meanColorError(logits, targets, bins) },
          buffers: { [FREQUENCY]: training ? next : frequency },
        };
      },
    });
  },
  preview(request) {
    const { lightness, ab, grey } = colorTask(request);
    const [, height, width] = lightness.shape as [number, number, number];
    const bins = colorBins(request.options.binSize);
    const targets = spreadOverBins(tf.reshape(ab, [-1, 2]), bins);
    const classes = tf.argMax(targets, 1);
    const centres = tf.tensor2d(bins.centres.map((centre) => [...centre]));
    const sorted = tf.reshape(tf.gather(centres, classes as never), [-1, height, width, 2]);
    return {
      columns: [
        { title: 'Sample', role: 'input', values: toFloat(request.samples) },
        { title: 'Without colours', role: 'view', values: grey },
        { title: 'Target', role: 'target', values: labToRgb(tf.concat([lightness, sorted], 3)) },
      ],
      pseudoLabels: Array.from(
        { length: request.samples.shape[0]! },
        () => `colours of all places, in ${bins.centres.length} bins`,
      ),
    };
  },
});

/** Mean distance between the expected colour under the prediction and under the target, in units of a and b. */
function meanColorError(logits: Tensor, targets: Tensor, { centres }: ColorBins): Scalar {
  const places = tf.tensor2d(centres.map((centre) => [...centre]));
  const expected = (shares: Tensor) => tf.matMul(shares, places);
  const difference = tf.sub(expected(tf.softmax(logits as never)), expected(targets));
  return tf.mean(tf.sqrt(tf.sum(tf.square(difference), 1))) as Scalar;
}
