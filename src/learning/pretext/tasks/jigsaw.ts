/** Jigsaw: tiles of an image, or segments of a signal, come in another order; which one is it? */
import { z } from 'zod';
import { PretextError } from '../../../contract/errors.ts';
import type { Modality } from '../../../contract/data/modality.ts';
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
import { fieldsFor, integerField, numberField, switchField } from '../../../contract/fields.ts';
import { forModality, modalitiesOf } from '../../../contract/data/modality.ts';
import { farPermutations } from '../parts/permutations.ts';
import { cutPatches, drawWhole, dropColors, equalizePatches } from '../../views/patches.ts';
import { fittingEnlargement } from '../../modalities/views.ts';
import { oneView } from '../parts/one-view.ts';
import { viewFields } from '../parts/two-views.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { definePretextTask, pretextModel, type PreviewRequest, type ProposedTraining } from '../task.ts';

const options = z.strictObject({
  ...fieldsFor({
    image: {
      imageGrid: integerField({
        title: 'Grid',
        help: 'Tiles along a side of the image.',
        minimum: 2,
        maximum: 4,
        default: 3,
        unit: 'tiles',
      }),
    },
    signal: {
      signalSegments: integerField({
        title: 'Segments',
        help: 'Parts in which a window is cut.',
        minimum: 3,
        maximum: 12,
        default: 4,
        unit: 'segments',
      }),
    },
  }),
  permutations: integerField({
    title: 'Orders',
    help: 'So many orders are told apart, chosen as different from each other as possible; at most as many as there are.',
    minimum: 2,
    maximum: 512,
    default: 64,
  }),
  tileShare: numberField({
    title: 'Tile',
    help: 'Side of a tile as a share of its place in the grid; the rest is a gap of random width, so that edges do not fit together.',
    minimum: 0.3,
    maximum: 0.95,
    default: 0.85,
  }),
  equalize: switchField({
    title: 'Equalize tiles',
    help: 'Bring every tile to the same mean and contrast, so that brightness does not give the order away.',
    default: false,
  }),
  ...fieldsFor({
    image: {
      colorDrop: numberField({
        title: 'Colours dropped',
        help: 'Share of tiles that keep one colour only: lenses bend colours differently at the edge, which gives places away. Without effect on grey images.',
        minimum: 0,
        maximum: 1,
        default: 0.3,
      }),
    },
  }),
  // On chest X-rays crops before the cut cost what the encoder is worth to a linear probe: off unless asked for.
  ...viewFields(
    {
      image: { cropMinimum: 1, flipProbability: 0, jitterProbability: 0, greyProbability: 0 },
      signal: { timeMaskProbability: 0 },
    },
    'Views before cutting',
  ),
  enlarge: integerField({
    title: 'Enlarged',
    help: 'So many times larger does the encoder see tiles, which lets its deeper layers learn from small ones.',
    minimum: 1,
    maximum: 4,
    default: 1,
    unit: 'times',
    advanced: true,
  }),
  hidden: integerField({
    title: 'Hidden width',
    help: 'Hidden units of the head that sees all tiles, which is dropped after pretraining.',
    minimum: 8,
    maximum: 8192,
    default: 256,
    unit: 'units',
    advanced: true,
  }),
});
type Options = z.output<typeof options>;

export interface TileGrid {
  /** Tiles along each side. */
  counts: readonly number[];
  /** Sides of a place in the grid, in whole pixels or points. */
  cell: readonly number[];
  /** Sides of a tile; images have square ones. */
  tile: readonly number[];
}

const SMALLEST_CELL = 3;
/** Pixels a side below which tiles of a third show too little: of 28, halves gave five points more to a linear probe. */
const SMALL_IMAGE = 48;

/** How samples of a kind of data are cut, and what then hides the places of the pieces. */
interface Cut {
  field: 'imageGrid' | 'signalSegments';
  /** Of how many pieces along a side it takes so large samples, in words. */
  needs(along: number): { pieces: string; room: string };
  defaults(sides: readonly number[]): { options: Partial<Options>; training: ProposedTraining };
  hide(tiles: Tensor, seed: Tensor, options: Options): Tensor;
}
const CUTS: Record<string, Cut> = {
  image: {
    field: 'imageGrid',
    needs: (along) => ({ pieces: `A grid of ${along} × ${along} tiles needs images`, room: 'pixels a side' }),
    defaults(sides) {
      const imageGrid = Math.min(...sides) < SMALL_IMAGE ? 2 : 3;
      return {
        options: { imageGrid, permutations: imageGrid > 2 ? 64 : ALL_OF_FOUR },
        training: { batchSize: 64, learningRate: 0.006 },
      };
    },
    hide: (tiles, seed, { colorDrop }) => dropColors(tiles, childSeed(seed, 'colors'), colorDrop),
  },
  signal: {
    field: 'signalSegments',
    needs: (along) => ({ pieces: `${along} segments need windows`, room: 'points' }),
    defaults: () => ({ options: { permutations: ALL_OF_FOUR }, training: { learningRate: 0.005 } }),
    hide: (tiles) => tiles,
  },
};
/** All orders of four pieces. */
const ALL_OF_FOUR = 24;
const cutOf = (modality: Modality) => forModality(CUTS, modality);

/** How the sides [H, W] or [L] are cut into tiles, so many along each. */
export function tileGrid(sides: readonly number[], along: number, tileShare: number): TileGrid {
  const cell = sides.map((side) => Math.floor(side / along));
  const smallest = Math.min(...cell);
  const side = Math.max(2, Math.min(smallest - 1, Math.round(tileShare * smallest)));
  return { counts: sides.map(() => along), cell, tile: sides.map(() => side) };
}

/** As the options want it. */
const gridOf = (sides: readonly number[], modality: Modality, options: Options): TileGrid =>
  tileGrid(sides, options[cutOf(modality).field], options.tileShare);

function requireRoom(chosen: Options, modality: Modality, inputShape: readonly number[]): void {
  const sides = inputShape.slice(0, -1);
  const { counts, cell } = gridOf(sides, modality, chosen);
  if (Math.min(...cell) >= SMALLEST_CELL) return;
  const { field, needs } = cutOf(modality);
  const { pieces, room } = needs(counts[0]!);
  throw new PretextError({
    code: 'task.too-small',
    message: `${pieces} of at least ${SMALLEST_CELL * counts[0]!} ${room}. Found: ${sides.join(' × ')}.`,
    place: `pretext.options.${field}`,
    remedy: `Choose a smaller \`${field}\`, or another task.`,
  });
}

const tileCount = ({ counts }: TileGrid) => counts.reduce((product, count) => product * count, 1);

/**
 * Where the tiles begin: each at a random place within its cell.
 *
 * @returns float32 [count, tiles, axes], whole numbers, tiles in row-major order
 */
function sampleTileStarts(seed: Tensor, count: number, sides: readonly number[], grid: TileGrid): Tensor {
  const tiles = tileCount(grid);
  const along = sides.map((side, axis) => {
    const cell = grid.cell[axis]!;
    const corner = drawWhole(seed, `grid/${axis}`, [count, 1], 0, side - cell * grid.counts[axis]!);
    const place = drawWhole(seed, `tile/${axis}`, [count, tiles], 0, cell - grid.tile[axis]!);
    const cells = Array.from({ length: tiles }, (_, index) => cell * cellAlong(index, axis, grid));
    return tf.add(tf.add(corner, place), tf.tensor2d([cells]));
  });
  return tf.stack(along, 2);
}

/** Row (axis 0) or column (axis 1) of a tile; for segments simply its number. */
const cellAlong = (index: number, axis: number, { counts }: TileGrid) =>
  counts.length === 1 || axis === 1 ? index % counts.at(-1)! : Math.floor(index / counts[1]!);

interface Puzzle {
  grid: TileGrid;
  orders: number[][];
  /** int32 [count]: which of the orders, the pseudo-labels. */
  chosen: Tensor;
  /** float32 [count, tiles, axes]: where the tile comes from that stands at each place. */
  starts: Tensor;
  inOrder: Tensor;
}

export function samplePuzzle(
  seed: Tensor,
  count: number,
  sides: readonly number[],
  options: Options,
  modality: Modality,
): Puzzle {
  const grid = gridOf(sides, modality, options);
  const orders = farPermutations(tileCount(grid), options.permutations);
  const chosen = integers([count], childSeed(seed, 'order'), 0, orders.length);
  const inOrder = sampleTileStarts(childSeed(seed, 'tiles'), count, sides, grid);
  const places = tf.gather(tf.tensor2d(orders, undefined, 'int32'), chosen as never);
  return { grid, orders, chosen, inOrder, starts: tf.gather(inOrder, places as never, 1, 1) };
}

/** Tiles as the encoder takes them: float32 [count · tiles, …tile, C]. */
function tilesFrom(request: PreviewRequest<Options>, starts: Tensor, { tile }: TileGrid): Tensor {
  const { seed, options, modality, channelStatistics } = request;
  const raw = normalizeChannels(
    cutPatches(oneView(request), starts, tile, options.enlarge),
    channelStatistics,
  );
  const even = options.equalize ? equalizePatches(raw) : raw;
  return withRowsOfSample(starts.shape[1]!, () => cutOf(modality).hide(even, seed, options));
}

const puzzleOf = ({ samples, seed, options, modality }: PreviewRequest<Options>) => {
  const [count, ...shape] = samples.shape as [number, ...number[]];
  return samplePuzzle(seed, count, shape.slice(0, -1), options, modality);
};

/** Tiles side by side again: [count · tiles, …tile, C] to [count, …sides, C]. */
function assemble(tiles: Tensor, { counts }: TileGrid): Tensor {
  const tile = tiles.shape.slice(1, -1);
  const channels = tiles.shape.at(-1)!;
  const axes = counts.length;
  const apart = tf.reshape(tiles, [-1, ...counts, ...tile, channels]);
  const woven = tf.transpose(apart, [
    0,
    ...counts.flatMap((_, axis) => [1 + axis, 1 + axes + axis]),
    1 + 2 * axes,
  ]);
  return tf.reshape(woven, [-1, ...counts.map((count, axis) => count * tile[axis]!), channels]);
}

export const jigsaw = definePretextTask({
  id: 'jigsaw',
  title: 'Jigsaw puzzle',
  summary:
    'Cuts every image into tiles (every signal into segments), puts them in another order and learns to tell which of a fixed set of orders it was. For images of things with parts, and signals with a course; not for textures or steady rhythms.',
  paper: {
    authors: 'Noroozi, Favaro',
    year: 2016,
    title: 'Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles',
    url: 'https://arxiv.org/abs/1603.09246',
  },
  modalities: modalitiesOf(CUTS),
  family: 'predictive',
  meanOverSamples: true,
  pseudoLabel: 'In which of a fixed set of orders the tiles or segments come.',
  healthy:
    'The loss starts near the logarithm of the number of orders, and accuracy at one divided by it (0.016 for 64 orders, 0.042 for 24); both often rest there for a few epochs before they move, then improve steadily. If they never move, use fewer orders or larger tiles; if accuracy is near 1 at once, make tiles smaller or equalize them.',
  options,
  defaults({ modality, inputShape, sampleCount }) {
    const sides = inputShape.slice(0, -1);
    const { field, defaults } = cutOf(modality);
    const proposed = defaults(sides);
    const usual = options.parse(proposed.options) as Options;
    const [tile] = tileGrid(sides, usual[field], usual.tileShare).tile;
    return {
      options: { ...proposed.options, enlarge: fittingEnlargement(tile!, modality) },
      training: {
        ...oneViewSuits(sampleCount),
        epochs: 25,
        // Many tiles of each image fill a batch. Chosen on validation samples of Fashion-MNIST and of the wrist gestures:
        // with fewer or slower steps the encoder was no better than random weights.
        ...proposed.training,
      },
    };
  },
  check: (chosen, { modality, inputShape }) => requireRoom(chosen, modality, inputShape),
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const tiles = tileCount(gridOf(inputShape.slice(0, -1), modality, options));
    const head = projection({
      name: 'head',
      inputs: tiles * encoder.featureCount,
      hidden: options.hidden,
      outputs: farPermutations(tiles, options.permutations).length,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const request = { samples, seed, options, modality, channelStatistics };
        const { grid, chosen, starts } = puzzleOf(request);
        const pieces = tilesFrom(request, starts, grid);
        const { features } = withRowsOfSample(tiles, () => encode(pieces));
        const together = tf.reshape(features, [samples.shape[0]!, tiles * encoder.featureCount]);
        const logits = head.apply(together, pass);
        const loss = tf.mean(softmaxCrossEntropy(logits, chosen)) as Scalar;
        return { loss, metrics: { accuracy: agreement(logits, chosen) } };
      },
    });
  },
  preview(request) {
    const { grid, orders, chosen, starts, inOrder } = puzzleOf(request);
    const picture = (places: Tensor) =>
      restoreChannels(assemble(tilesFrom(request, places, grid), grid), request.channelStatistics);
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        { title: 'Shuffled', role: 'view', values: picture(starts) },
        { title: 'In order', role: 'target', values: picture(inOrder) },
      ],
      pseudoLabels: Array.from(chosen.dataSync(), (number) => {
        const order = orders[number]!.map((tile) => tile + 1).join(' ');
        return `order ${number + 1} of ${orders.length}: ${order}`;
      }),
    };
  },
});
