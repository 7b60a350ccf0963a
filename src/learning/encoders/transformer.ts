/** Vision transformer (Dosovitskiy et al. 2021) in sizes for small images, and the same along time for signals. */
import { z } from 'zod';
import { tf, type State, type Tensor } from '../../tensor/index.ts';
import { choiceField, integerField } from '../../contract/fields.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { createPass, initialState, sequence, variable, type VariableSpec } from '../layers/layer.ts';
import { fittingPatch, patchGrid, pickRows, toPatches } from '../layers/patches.ts';
import { pointwise } from '../layers/perceptron.ts';
import { stretching, waves } from '../layers/positions.ts';
import { transformerBlock } from '../layers/transformer.ts';
import { defineEncoder, type Encoder, type EncoderOutput } from './encoder.ts';

const CLASS_TOKEN = 'encoder/class';
const POSITIONS = 'encoder/positions';

const options = z
  .strictObject({
    width: integerField({
      title: 'Width',
      help: 'Numbers of a token, and of the features. A multiple of 4 times the heads.',
      minimum: 8,
      maximum: 1024,
      default: 96,
    }),
    depth: integerField({
      title: 'Depth',
      help: 'Blocks of attention and perceptron.',
      minimum: 1,
      maximum: 24,
      default: 4,
      unit: 'blocks',
    }),
    heads: integerField({
      title: 'Heads',
      help: 'Ways of looking at the other tokens in each block.',
      minimum: 1,
      maximum: 16,
      default: 4,
    }),
    patch: integerField({
      title: 'Patch',
      help: 'Pixels along a side, or points in time, that become one token; 0 fits it to the data. Half the side is four times the tokens, and more than four times the work.',
      minimum: 0,
      maximum: 256,
      default: 0,
    }),
    expansion: integerField({
      title: 'Expansion',
      help: 'The perceptron of a block is so many times wider than its tokens.',
      minimum: 1,
      maximum: 8,
      default: 2,
      advanced: true,
    }),
    pooling: choiceField({
      title: 'Pooling',
      help: 'Features are the mean of all tokens, or a token of their own that looks at the others.',
      choices: ['mean', 'class-token'],
      default: 'mean',
      advanced: true,
    }),
    positions: choiceField({
      title: 'Positions',
      help: 'How a token knows its place: waves that are given, or numbers that are learned.',
      choices: ['waves', 'learned'],
      default: 'waves',
      advanced: true,
    }),
  })
  .refine(({ width, heads }) => width % (4 * heads) === 0, {
    path: ['width'],
    error: ({ input }) => {
      const { width, heads } = input as { width: number; heads: number };
      return `must be a multiple of 4 times the heads (${heads}). Found: ${width}.`;
    },
  });

export const transformer = defineEncoder({
  id: 'vit',
  title: 'Vision transformer',
  summary:
    'Cuts samples into patches and lets every patch look at all others. Learns slowly from little data, but suits masked pretraining, where it only reads the patches that are left.',
  can: ['tokens'],
  options,
  build: buildTransformer,
});

function buildTransformer(
  { width, depth, heads, expansion, pooling, positions, patch: wanted }: z.output<typeof options>,
  inputShape: readonly number[],
): Encoder {
  const sides = inputShape.slice(0, -1);
  const patch = wanted || fittingPatch(sides);
  const builtFor = patchGrid(sides, patch);
  const places = builtFor.reduce((product, length) => product * length, 1);
  const embedding = pointwise('encoder/patches', inputShape.at(-1)! * patch ** sides.length, width);
  const blocks = Array.from({ length: depth }, (_, index) =>
    transformerBlock({ name: `encoder/block${index}`, width, heads, expansion }),
  );
  const norm = layerNorm('encoder/norm', width);
  const network = sequence([...blocks, norm]);
  const small = { kind: 'normal' as const, deviation: 0.02 };
  const extra: VariableSpec[] = [
    ...(positions === 'learned' ? [{ name: POSITIONS, shape: [places, width], initial: small }] : []),
    ...(pooling === 'class-token' ? [{ name: CLASS_TOKEN, shape: [width], initial: small }] : []),
  ];
  const parameters = [...embedding.parameters, ...extra, ...network.parameters];

  /** [P, width] for the grid at hand. */
  const positionsOn = (state: State, grid: readonly number[]): Tensor => {
    if (positions === 'waves') return waves(grid, builtFor, width);
    const learned = variable(state, POSITIONS);
    return grid.join() === builtFor.join() ? learned : tf.matMul(stretching(grid, builtFor), learned);
  };
  /** The class token, where there is one, comes first. */
  const withClass = (state: State, tokens: Tensor): Tensor =>
    pooling === 'mean'
      ? tokens
      : tf.concat(
          [
            tf.tile(tf.reshape(variable(state, CLASS_TOKEN), [1, 1, width]), [tokens.shape[0]!, 1, 1]),
            tokens,
          ],
          1,
        );
  const withoutClass = (tokens: Tensor): Tensor =>
    pooling === 'mean' ? tokens : tf.slice(tokens, [0, 1, 0], [-1, -1, -1]);

  return {
    inputShape,
    featureCount: width,
    stageShapes: blocks.map(() => [...builtFor, width]),
    layers: [
      [...embedding.parameters, ...extra],
      ...blocks.map((block) => block.parameters),
      norm.parameters,
    ].map((specs) => specs.map(({ name }) => name)),
    parameters: (seed) => initialState(parameters, seed),
    statistics: () => ({}),
    apply: (state, x, { training, random }) =>
      tf.tidy(() => {
        const pass = createPass(state, training, random);
        const grid = patchGrid(x.shape.slice(1, -1), patch);
        const embedded = embedding.apply(toPatches(x, patch), pass);
        let tokens = withClass(state.parameters, tf.add(embedded, positionsOn(state.parameters, grid)));
        const stages: Tensor[] = [];
        blocks.forEach((block, index) => {
          tokens = block.apply(tokens, pass);
          if (index === depth - 1) tokens = norm.apply(tokens, pass);
          stages.push(tf.reshape(withoutClass(tokens), [x.shape[0]!, ...grid, width]));
        });
        const features =
          pooling === 'mean'
            ? tf.mean(tokens, 1)
            : tf.reshape(tf.slice(tokens, [0, 0, 0], [-1, 1, -1]), [-1, width]);
        return { features, stages, statistics: {} };
      }) as EncoderOutput,
    tokens: {
      patch,
      encode: (state, patches, grid, visible, random) =>
        tf.tidy(() => {
          const pass = createPass({ parameters: state, statistics: {} }, true, random);
          const embedded = embedding.apply(pickRows(patches, visible), pass);
          const placed = tf.gather(positionsOn(state, grid), visible as never);
          return withoutClass(network.apply(withClass(state, tf.add(embedded, placed)), pass));
        }),
    },
  };
}
