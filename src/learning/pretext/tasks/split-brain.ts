/** Split-brain autoencoder: each half of the features must predict the channels that it does not see. */
import { z } from 'zod';
import type { Modality } from '../../../contract/data/modality.ts';
import { tf, type Scalar, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels, restoreChannels } from '../../channels.ts';
import { patchDecoder } from '../../layers/decoder.ts';
import { choiceField, fieldsFor } from '../../../contract/fields.ts';
import { forModality, modalitiesOf } from '../../../contract/data/modality.ts';
import { labToRgb, rgbToLab } from '../../views/lab.ts';
import { normalizedView, mildViewFields } from '../parts/one-view.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { restorationTarget, signalTargetField, targetChannels } from '../parts/signal-target.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

const options = z.strictObject({
  ...fieldsFor({
    image: {
      imageSplit: choiceField({
        title: 'Split of images',
        help: 'Colour images: lightness against colour (lab). Any images: one half of the channels against the other (channels).',
        choices: ['lab', 'channels'],
        default: 'lab',
      }),
    },
    signal: {
      signalSplit: choiceField({
        title: 'Split of signals',
        help: 'Which channels predict which: every other one (alternating), or the first half and the second (halves).',
        choices: ['alternating', 'halves'],
        default: 'alternating',
      }),
    },
  }),
  signalTarget: signalTargetField,
  ...mildViewFields('Views before the split'),
});
type Options = z.output<typeof options>;

/** One half of the data: how the encoder sees it alone, and what the other half of the features must predict. */
interface Half {
  /** float32 of the samples' shape, normalised by channel. */
  seen: Tensor;
  /** float32 [N, …, c]. */
  target: Tensor;
  title: string;
}

/** How the channels are split: lightness from colour where that is wanted and there are colours, else by their numbers. */
interface Split {
  lab(options: Options, channels: number): boolean;
  channels(options: Options): 'alternating' | 'halves';
}
const SPLITS: Record<string, Split> = {
  image: {
    lab: ({ imageSplit }, channels) => channels === 3 && imageSplit === 'lab',
    channels: () => 'halves',
  },
  signal: { lab: () => false, channels: ({ signalSplit }) => signalSplit },
};
const splitOf = (modality: Modality) => forModality<Split>(SPLITS, modality);

/** Centre and scale of L, and scale of a and b, that bring most photographs to deviation 1. */
const LIGHTNESS = { centre: 50, scale: 25 };
const COLOR_SCALE = 20;

/** Lightness as a grey picture, colours as a picture of one lightness. */
function lightnessAndColor(request: PreviewRequest<Options>): [Half, Half] {
  const { channelStatistics } = request;
  const images = tf.clipByValue(restoreChannels(normalizedView(request), channelStatistics), 0, 255);
  const [lightness, color] = tf.split(rgbToLab(images), [1, 2], 3) as [Tensor, Tensor];
  const picture = (parts: Tensor[]) => normalizeChannels(labToRgb(tf.concat(parts, 3)), channelStatistics);
  return [
    {
      title: 'Lightness',
      seen: picture([lightness, tf.zerosLike(color)]),
      target: tf.div(tf.sub(lightness, LIGHTNESS.centre), LIGHTNESS.scale),
    },
    {
      title: 'Colour',
      seen: picture([tf.fill(lightness.shape, LIGHTNESS.centre), color]),
      target: tf.div(color, COLOR_SCALE),
    },
  ];
}

/** Numbers of the channels of both halves; with an odd count the first half has one more. */
export function splitChannels(channels: number, split: 'alternating' | 'halves'): [number[], number[]] {
  const all = Array.from({ length: channels }, (_, channel) => channel);
  const first = all.filter((channel) =>
    split === 'alternating' ? channel % 2 === 0 : channel < Math.ceil(channels / 2),
  );
  return [first, all.filter((channel) => !first.includes(channel))];
}

function channelHalves(request: PreviewRequest<Options>): [Half, Half] {
  const { options, modality } = request;
  const whole = normalizedView(request);
  const channels = whole.shape.at(-1)!;
  const numbers = splitChannels(channels, splitOf(modality).channels(options));
  return numbers.map((own, index) => {
    const seen = tf.tensor1d(Array.from({ length: channels }, (_, c) => Number(own.includes(c))));
    // What remains is made larger, so that the first layer meets the scale it will meet on whole samples.
    const scale = Math.sqrt(channels / own.length);
    return {
      title: index === 0 ? 'First half' : 'Second half',
      seen: tf.mul(whole, tf.mul(seen, scale)),
      target: restorationTarget(
        tf.gather(whole, tf.tensor1d(own, 'int32') as never, whole.rank - 1),
        options,
        modality,
      ),
    };
  }) as [Half, Half];
}

const halvesOf = (request: PreviewRequest<Options>): [Half, Half] =>
  splitOf(request.modality).lab(request.options, request.samples.shape.at(-1)!)
    ? lightnessAndColor(request)
    : channelHalves(request);

const meanSquare = (a: Tensor, b: Tensor) => tf.mean(tf.square(tf.sub(a, b))) as Scalar;

export const splitBrain = definePretextTask({
  id: 'split-brain',
  title: 'Split-brain autoencoder',
  summary:
    'Shows the encoder one half of the channels at a time; from each, one half of the features must predict the other channels. For colour images and for recordings of many related channels.',
  paper: {
    authors: 'Zhang, Isola, Efros',
    year: 2017,
    title: 'Split-Brain Autoencoders: Unsupervised Learning by Cross-Channel Prediction',
    url: 'https://arxiv.org/abs/1611.09842',
  },
  modalities: modalitiesOf(SPLITS),
  family: 'generative',
  channels: {
    least: 2,
    advice:
      'One channel cannot be predicted from another: choose another task (masked-reconstruction, denoising, simclr). If the image files are in colour, set `data.color` to `color`.',
  },
  meanOverSamples: true,
  pseudoLabel: 'What the channels show that the encoder does not see.',
  healthy:
    'Both errors fall in the first epochs, then slowly. Of the values of signals 1 is chance: the mean of each channel. A half that stays there cannot be told from the other: split the channels in another way, or choose another task.',
  options,
  defaults: ({ sampleCount }) => ({
    options: {},
    training: { ...oneViewSuits(sampleCount), epochs: 20 },
  }),
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const channels = inputShape.at(-1)!;
    const mapShape = encoder.stageShapes.at(-1)!;
    const features = mapShape.at(-1)!;
    const firstHalf = Math.ceil(features / 2);
    const [first, second] = splitOf(modality).lab(options, channels)
      ? [1, 2]
      : splitChannels(channels, splitOf(modality).channels(options)).map(({ length }) => length);
    const sides = inputShape.slice(0, -1);
    const places = mapShape.slice(0, -1);
    const toSecond = patchDecoder({
      name: 'decoder/second',
      mapShape: [...places, firstHalf],
      sides,
      channels: targetChannels(second!, options, modality),
    });
    const toFirst = patchDecoder({
      name: 'decoder/first',
      mapShape: [...places, features - firstHalf],
      sides,
      channels: targetChannels(first!, options, modality),
    });
    return pretextModel({
      encoder,
      heads: [toSecond, toFirst],
      step({ samples, seed, encode, pass }) {
        const halves = halvesOf({ samples, seed, options, modality, channelStatistics });
        // Both halves pass together, so that batch statistics are those of the two.
        const maps = encode(tf.concat([halves[0].seen, halves[1].seen], 0)).stages.at(-1)!;
        const [ofFirst, ofSecond] = tf.split(maps, 2, 0) as [Tensor, Tensor];
        const sizes = [firstHalf, features - firstHalf];
        const last = maps.rank - 1;
        const secondError = meanSquare(
          toSecond.apply(tf.split(ofFirst, sizes, last)[0]!, pass),
          halves[1].target,
        );
        const firstError = meanSquare(
          toFirst.apply(tf.split(ofSecond, sizes, last)[1]!, pass),
          halves[0].target,
        );
        return { loss: tf.add(firstError, secondError) as Scalar, metrics: { firstError, secondError } };
      },
    });
  },
  preview(request) {
    const halves = halvesOf(request);
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        ...halves.map(({ title, seen }) => ({
          title: `${title} only`,
          role: 'view' as const,
          values: restoreChannels(seen, request.channelStatistics),
        })),
      ],
      pseudoLabels: Array.from(
        { length: request.samples.shape[0]! },
        () => `${halves[0].title.toLowerCase()} and ${halves[1].title.toLowerCase()} predict each other`,
      ),
    };
  },
});
