/** InceptionTime (Ismail Fawaz et al. 2020): filters of three lengths side by side in every block, and shortcuts. */
import { z } from 'zod';
import { integerField } from '../../../contract/fields.ts';
import { maxPool2d, relu, tf } from '../../../tensor/index.ts';
import { batchNorm } from '../../layers/batch-norm.ts';
import { timeConvolution } from '../../layers/electrodes.ts';
import { functionLayer, sequence, sideBySide, type Layer } from '../../layers/layer.ts';
import { defineEncoder } from '../encoder.ts';
import { signalEncoder, type SignalBlock } from './network.ts';
import { filtersField } from './options.ts';

/** Blocks around which one shortcut leads. */
export const BLOCKS_OF_A_SHORTCUT = 3;
/** The largest of three neighbours, at every place. */
const largestNearby = functionLayer((x) => maxPool2d(x, [1, 3], [1, 1], 'same'));

export const inceptionTime = defineEncoder({
  id: 'inception-time',
  title: 'InceptionTime',
  summary:
    'Filters of three lengths side by side in every block, at full resolution to the end. A strong network for time series of any field; slower than those that pool.',
  modalities: ['signal'],
  options: z.strictObject({
    filters: filtersField('Filters', 'Filters of each length; the features are four times as many.', 32),
    depth: integerField({
      title: 'Depth',
      help: 'Blocks; a shortcut leads around every three.',
      minimum: 3,
      maximum: 12,
      default: 6,
      unit: 'blocks',
    }),
    kernelSize: integerField({
      title: 'Kernel',
      help: 'Length of the longest filters, of which the others are a half and a quarter; even ones lose a point.',
      minimum: 8,
      maximum: 512,
      default: 40,
      unit: 'points',
    }),
  }),
  build({ filters, depth, kernelSize }, inputShape) {
    const channels = inputShape.at(-1)!;
    const outputs = 4 * filters;
    const sizes = [1, 2, 4].map((share) => odd(Math.floor(kernelSize / share)));
    const blocks: SignalBlock[] = [];
    for (let first = 0; first < depth; first += BLOCKS_OF_A_SHORTCUT) {
      const count = Math.min(BLOCKS_OF_A_SHORTCUT, depth - first);
      const inputs = first === 0 ? channels : outputs;
      const modules = Array.from({ length: count }, (_, index) =>
        inceptionModule(`encoder/block${first + index}`, index === 0 ? inputs : outputs, filters, sizes),
      );
      const whole = count === BLOCKS_OF_A_SHORTCUT;
      const name = `encoder/shortcut${first / BLOCKS_OF_A_SHORTCUT}`;
      const layer = whole ? withShortcut(name, sequence(modules), inputs, outputs) : sequence(modules);
      blocks.push({ layer, ends: outputs });
    }
    return signalEncoder({ inputShape, channelsTogether: true, leastLength: 1, places: 1, blocks });
  },
});

const odd = (size: number) => (size % 2 === 0 ? size - 1 : size);

function inceptionModule(name: string, inputs: number, filters: number, sizes: readonly number[]): Layer {
  const narrow = (part: string) =>
    timeConvolution({ name: `${name}/${part}`, size: 1, inputs, outputs: filters, bias: false });
  // One channel needs no bottleneck.
  const enters = inputs > 1 ? filters : inputs;
  const filtered = sideBySide(
    sizes.map((size, index) =>
      timeConvolution({ name: `${name}/time${index}`, size, inputs: enters, outputs: filters, bias: false }),
    ),
  );
  const branches = sideBySide([
    inputs > 1 ? sequence([narrow('bottleneck'), filtered]) : filtered,
    sequence([largestNearby, narrow('nearby')]),
  ]);
  const norm = batchNorm({ name: `${name}/norm`, channels: filters * (sizes.length + 1), rectified: true });
  return sequence([branches, norm]);
}

function withShortcut(name: string, body: Layer, inputs: number, outputs: number): Layer {
  const norm = batchNorm({ name: `${name}/norm`, channels: outputs });
  const shortcut =
    inputs === outputs
      ? norm
      : sequence([timeConvolution({ name, size: 1, inputs, outputs, bias: false }), norm]);
  return {
    parameters: [...body.parameters, ...shortcut.parameters],
    statistics: [...body.statistics, ...shortcut.statistics],
    apply: (x, pass) => relu(tf.add(body.apply(x, pass), shortcut.apply(x, pass))),
  };
}
