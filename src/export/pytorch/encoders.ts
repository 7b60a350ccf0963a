/**
 * The encoders as modules of plain PyTorch: one entry a family.
 *
 * How wide and deep a network is, is read from its weights' shapes; what they do not tell, from its options.
 */
import { PretextError } from '../../contract/errors.ts';
import { buildEncoder, findEncoder } from '../../learning/encoders/registry.ts';
import { patchGrid } from '../../learning/layers/patches.ts';
import { parseOptions } from '../../contract/fields.ts';
import type { ExportedModel } from '../model.ts';
import {
  convNextConvolutions,
  convNextParts,
  convolutions,
  residualParts,
  transformerParts,
} from './parts.ts';
import type { EncoderSource } from './source.ts';
import { signalFamilies } from './signals/networks.ts';
import { tableFamilies } from './tables.ts';

interface Facts {
  shapes: ReadonlyMap<string, readonly number[]>;
  options: Record<string, unknown>;
  inputShape: readonly number[];
  dimensions: 1 | 2;
}

const shapeOf = ({ shapes }: Pick<Facts, 'shapes'>, name: string): readonly number[] => {
  const shape = shapes.get(`encoder/${name}`);
  if (!shape) throw new Error(`The encoder has no weight encoder/${name}.`);
  return shape;
};

/** How many there are of `stage0`, `stage1`, … below a name. */
function countOf({ shapes }: Pick<Facts, 'shapes'>, prefix: string): number {
  const names = [...shapes.keys()];
  let count = 0;
  while (names.some((name) => name.startsWith(`encoder/${prefix}${count}/`))) count++;
  return count;
}

/** Places along a side (of a kernel), numbers that enter, numbers that leave. */
const kernel = (facts: Facts, name: string): [size: number, inputs: number, outputs: number] => {
  const shape = shapeOf(facts, name);
  return [shape[0]!, shape.at(-2)!, shape.at(-1)!];
};

function plainNetwork(facts: Facts): EncoderSource {
  const stages = Array.from({ length: countOf(facts, 'stage') }, (_, stage) => {
    const [size, inputs, outputs] = kernel(facts, `stage${stage}/convolution/kernel`);
    return `self.stage${stage} = Unit(${inputs}, ${outputs}, ${size})`;
  });
  return {
    parts: [convolutions(facts.dimensions)],
    setUp: [...stages, 'self.pool = MaxPool()'],
    forward: [
      ...stages.map((_, stage) => `x = self.stage${stage}(${stage === 0 ? 'x' : 'self.pool(x)'})`),
      'return mean_of_places(x)',
    ],
  };
}

function residualNetwork(facts: Facts): EncoderSource {
  const [size, inputs, outputs] = kernel(facts, 'stem/convolution/kernel');
  // Large images are reduced by a stem of 7 places and a pool; signals say their stride.
  const pools = facts.dimensions === 2 && size === 7;
  const stride = facts.dimensions === 1 ? Number(facts.options['stemStride']) : pools ? 2 : 1;
  const blocks = Array.from({ length: countOf(facts, 'stage') }, (_, stage) =>
    Array.from({ length: countOf(facts, `stage${stage}/block`) }, (__, index) => {
      const own = kernel(facts, `stage${stage}/block${index}/first/convolution/kernel`);
      return `block${index}=Block(${own[1]}, ${own[2]}, ${own[0]}, ${stage > 0 && index === 0 ? 2 : 1})`;
    }),
  );
  return {
    parts: [convolutions(facts.dimensions), residualParts],
    setUp: [
      `self.stem = Unit(${inputs}, ${outputs}, ${size}, ${stride})`,
      ...(pools ? ['self.pool = MaxPool()'] : []),
      ...blocks.map((own, stage) => `self.stage${stage} = nn.Sequential(OrderedDict(${own.join(', ')}))`),
    ],
    forward: [
      pools ? 'x = self.pool(self.stem(x))' : 'x = self.stem(x)',
      ...blocks.map((_, stage) => `x = self.stage${stage}(x)`),
      'return mean_of_places(x)',
    ],
  };
}

function convNextNetwork(facts: Facts): EncoderSource {
  const stages = Array.from({ length: countOf(facts, 'stage') }, (_, stage) => {
    const blocks = Array.from({ length: countOf(facts, `stage${stage}/block`) }, (__, index) => {
      const depthwise = shapeOf(facts, `stage${stage}/block${index}/depthwise/kernel`);
      return `block${index}=ConvNextBlock(${depthwise.at(-1)}, ${depthwise[0]})`;
    });
    if (stage > 0) {
      const [size, inputs, outputs] = kernel(facts, `stage${stage}/reduction/kernel`);
      blocks.unshift(`reduction=Patches(${inputs}, ${outputs}, ${size}, norm_first=True)`);
    }
    return `self.stage${stage} = nn.Sequential(OrderedDict(${blocks.join(', ')}))`;
  });
  const [size, inputs, outputs] = kernel(facts, 'stem/kernel');
  return {
    parts: [convNextConvolutions(facts.dimensions), convNextParts],
    setUp: [
      `self.stem = Patches(${inputs}, ${outputs}, ${size}, norm_first=False)`,
      ...stages,
      `self.norm = nn.LayerNorm(${shapeOf(facts, 'norm/scale')[0]}, eps=1e-6)`,
    ],
    forward: [
      'x = self.stem(x)',
      ...stages.map((_, stage) => `x = self.stage${stage}(x)`),
      'return self.norm(channels_last(x)).flatten(1, -2).mean(1)',
    ],
  };
}

function transformerNetwork(facts: Facts): EncoderSource {
  const [values, width] = shapeOf(facts, 'patches/kernel') as [number, number];
  const channels = facts.inputShape.at(-1)!;
  const patch = Math.round((values / channels) ** (1 / facts.dimensions));
  const grid = patchGrid(facts.inputShape.slice(0, -1), patch);
  const learned = facts.shapes.has('encoder/positions');
  const classToken = facts.shapes.has('encoder/class');
  const blocks = Array.from({ length: countOf(facts, 'block') }, (_, index) => {
    const hidden = shapeOf(facts, `block${index}/mix/widen/kernel`)[1]!;
    return `self.block${index} = TransformerBlock(${width}, ${String(facts.options['heads'])}, ${hidden / width})`;
  });
  const places = grid.reduce((product, side) => product * side, 1);
  return {
    parts: [transformerParts],
    setUp: [
      `self.patches = nn.Linear(${values}, ${width})`,
      learned
        ? `self.positions = nn.Parameter(torch.zeros(${places}, ${width}))`
        : `self.register_buffer("positions", waves([${grid.join(', ')}], ${width}), persistent=False)`,
      // A word of Python's own cannot be an attribute that is written down.
      ...(classToken ? [`self.register_parameter("class", nn.Parameter(torch.zeros(${width})))`] : []),
      ...blocks,
      `self.norm = nn.LayerNorm(${width}, eps=1e-6)`,
    ],
    forward: [
      `x = self.patches(to_patches(x, ${patch})) + self.positions`,
      ...(classToken
        ? ['first = getattr(self, "class").expand(x.shape[0], 1, -1)', 'x = torch.cat([first, x], 1)']
        : []),
      ...blocks.map((_, index) => `x = self.block${index}(x)`),
      'x = self.norm(x)',
      classToken ? 'return x[:, 0]' : 'return x.mean(1)',
    ],
  };
}

const families: Readonly<Record<string, (facts: Facts) => EncoderSource>> = {
  plain: plainNetwork,
  residual: residualNetwork,
  convnext: convNextNetwork,
  vit: transformerNetwork,
};

/** @throws PretextError `export.encoder` for a family that has not been written in PyTorch */
export function encoderSource(model: ExportedModel): EncoderSource {
  const { encoder, modality, inputShape, members, about } = model;
  const dimensions = inputShape.length - 1;
  const ofTables = dimensions === 0 ? tableFamilies[encoder.family] : undefined;
  const ofSignals = dimensions === 1 ? signalFamilies[encoder.family] : undefined;
  const ofPlaces = dimensions > 0 ? families[encoder.family] : undefined;
  if (!ofTables && !ofSignals && !ofPlaces)
    throw new PretextError({
      code: 'export.encoder',
      message: `The encoder “${encoder.family}” of ${modality}s has not been written in PyTorch.`,
      remedy: 'Export it as ONNX, which holds every encoder.',
    });
  const { options: schema } = findEncoder(encoder.family, modality);
  const facts = {
    shapes: new Map(Object.entries(members[0]!.weights).map(([name, { shape }]) => [name, shape])),
    options: parseOptions(schema, encoder.options, 'encoder.options') as Record<string, unknown>,
    inputShape,
  };
  if (ofSignals)
    return ofSignals({
      ...facts,
      about,
      encoder: buildEncoder(encoder, modality, inputShape, about),
      shapeOf: (name) => shapeOf(facts, name),
      has: (name) => facts.shapes.has(`encoder/${name}`),
      countOf: (prefix) => countOf(facts, prefix),
    });
  return ofTables
    ? ofTables({ ...facts, about, countOf: (prefix) => countOf(facts, prefix) })
    : ofPlaces!({ ...facts, dimensions: dimensions as 1 | 2 });
}
