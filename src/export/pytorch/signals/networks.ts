/** The networks of the field for signals as modules of plain PyTorch: one entry a family. */
import type { Encoder } from '../../../learning/encoders/encoder.ts';
import { BLOCKS_OF_A_SHORTCUT } from '../../../learning/encoders/signals/inception-time.ts';
import { patchesOf } from '../../../learning/encoders/signals/patch-transformer.ts';
import { filterAndPool } from '../../../learning/encoders/signals/options.ts';
import { poolOf } from '../../../learning/encoders/signals/stager-net.ts';
import { strideOf } from '../../../learning/encoders/signals/tiny-sleep-net.ts';
import type { SampleDescription } from '../../../contract/data/sample-description.ts';
import { transformerParts } from '../parts.ts';
import type { EncoderSource } from '../source.ts';
import {
  deepConvNetParts,
  eegInceptionParts,
  eegNetParts,
  electrodeDepthwiseParts,
  inceptionTimeParts,
  recurrentParts,
  residualAttentionParts,
  signalParts,
  timeThenElectrodesParts,
} from './parts.ts';

export interface SignalFacts {
  /** The network itself, for what its weights do not tell: how long windows must be, how many places features are of. */
  encoder: Encoder;
  options: Record<string, unknown>;
  /** [L, C] */
  inputShape: readonly number[];
  about: SampleDescription;
  /** Of a variable, its name without `encoder/`. */
  shapeOf(name: string): readonly number[];
  has(name: string): boolean;
  /** How many there are of `block0`, `block1`, … */
  countOf(prefix: string): number;
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const number = ({ options }: SignalFacts, name: string) => Number(options[name]);
/** Points of a kernel along time. */
const sizeOf = ({ shapeOf }: SignalFacts, name: string) => shapeOf(`${name}/kernel`)[0]!;
const electrodesOf = ({ inputShape }: SignalFacts) => inputShape[1]!;

const enter = (facts: SignalFacts, axis: 1 | 2) =>
  `x = long_enough(x, ${facts.encoder.leastLength ?? 1}).unsqueeze(${axis})`;

function leave({ encoder: { featureCount, stageShapes } }: SignalFacts): string {
  return `return features_of_places(x, ${featureCount / stageShapes.at(-1)!.at(-1)!})`;
}

const drop = (facts: SignalFacts, name = 'drop', kind = 'Dropout') =>
  `self.${name} = nn.${kind}(${number(facts, 'dropout')})`;

function eegNet(facts: SignalFacts): EncoderSource {
  const { shapeOf } = facts;
  const [electrodes, filters, multiplier] = shapeOf('electrodes/kernel') as [number, number, number];
  const [later, wide] = shapeOf('separable/depthwise/kernel') as [number, number];
  const outputs = shapeOf('separable/mix/kernel')[2]!;
  return {
    parts: [signalParts, electrodeDepthwiseParts, eegNetParts],
    setUp: [
      `self.time = TimeConvolution(1, ${filters}, ${sizeOf(facts, 'time')}, bias=False, norm=True)`,
      `self.electrodes = ElectrodeDepthwise(${electrodes}, ${filters}, ${multiplier}, ${number(facts, 'maxNorm')})`,
      `self.separable = Separable(${wide}, ${outputs}, ${later})`,
      drop(facts),
    ],
    forward: [
      enter(facts, 1),
      'x = F.elu(self.electrodes(self.time(x)))',
      `x = self.drop(F.avg_pool2d(x, (1, ${number(facts, 'firstPool')})))`,
      'x = F.elu(self.separable(x))',
      `x = self.drop(F.avg_pool2d(x, (1, ${number(facts, 'secondPool')})))`,
      leave(facts),
    ],
  };
}

/** The first layers of both networks that look at band power. */
function bandPower(facts: SignalFacts, between: string, behind: string) {
  const [electrodes, filters] = facts.shapeOf('electrodes/kernel') as [number, number];
  const told = facts.options as Parameters<typeof filterAndPool>[0];
  const { pool, stride } = filterAndPool(told, facts.inputShape[0]!, facts.about.samplingRate);
  return {
    filters,
    setUp: [
      `self.time = Weights(${filters}, ${sizeOf(facts, 'time')})`,
      `self.electrodes = Weights(${filters}, ${filters}, ${electrodes})`,
      `self.norm = nn.BatchNorm2d(${filters})`,
      drop(facts),
    ],
    forward: [
      enter(facts, 1),
      `x = ${between.replace('x', 'self.norm(time_then_electrodes(x, self.time, self.electrodes))')}`,
      `x = F.avg_pool2d(x, (1, ${pool}), (1, ${stride}))`,
      `x = self.drop(${behind})`,
    ],
  };
}

function shallowConvNet(facts: SignalFacts): EncoderSource {
  const { setUp, forward } = bandPower(facts, 'x.square()', 'x.clamp(1e-7, 1e4).log()');
  return { parts: [signalParts, timeThenElectrodesParts], setUp, forward: [...forward, leave(facts)] };
}

function conformer(facts: SignalFacts): EncoderSource {
  const { filters, setUp, forward } = bandPower(facts, 'F.elu(x)', 'x');
  const blocks = range(facts.countOf('block')).map((index) => {
    const hidden = facts.shapeOf(`block${index}/mix/widen/kernel`)[1]!;
    const more = `eps=1e-5, dropout=${number(facts, 'dropout')}`;
    return `self.block${index} = TransformerBlock(${filters}, ${number(facts, 'heads')}, ${hidden / filters}, ${more})`;
  });
  return {
    parts: [signalParts, timeThenElectrodesParts, transformerParts],
    setUp: [...setUp, `self.projection = TimeConvolution(${filters}, ${filters}, 1)`, ...blocks],
    forward: [
      ...forward,
      'x = self.projection(x).squeeze(2).transpose(1, 2)',
      ...blocks.map((_, index) => `x = self.block${index}(x)`),
      'x = x.transpose(1, 2).unsqueeze(2)',
      leave(facts),
    ],
  };
}

function deepConvNet(facts: SignalFacts): EncoderSource {
  const [electrodes, filters] = facts.shapeOf('block0/electrodes/kernel') as [number, number];
  const maxNorm = number(facts, 'maxNorm');
  const blocks = range(facts.countOf('block')).map((index) => {
    if (index === 0)
      return `self.block0 = FirstBlock(${electrodes}, ${filters}, ${sizeOf(facts, 'block0/time')}, ${maxNorm})`;
    const [size, inputs, outputs] = facts.shapeOf(`block${index}/time/kernel`);
    return `self.block${index} = LaterBlock(${inputs}, ${outputs}, ${size}, ${maxNorm})`;
  });
  const pool = number(facts, 'pool');
  return {
    parts: [signalParts, timeThenElectrodesParts, deepConvNetParts],
    setUp: [...blocks, drop(facts)],
    forward: [
      enter(facts, 1),
      ...blocks.map((_, index) => `x = self.drop(F.max_pool2d(F.elu(self.block${index}(x)), (1, ${pool})))`),
      leave(facts),
    ],
  };
}

function eegInception(facts: SignalFacts): EncoderSource {
  const [maxNorm, pool, dropout] = ['maxNorm', 'pool', 'dropout'].map((name) => number(facts, name));
  const half = Math.floor(pool! / 2);
  const first = range(3).map((index) => {
    const [electrodes, filters, multiplier] = facts.shapeOf(`first${index}/electrodes/kernel`);
    const size = sizeOf(facts, `first${index}/time`);
    return `self.first${index} = OverElectrodes(${electrodes}, ${filters}, ${multiplier}, ${size}, ${maxNorm}, ${dropout})`;
  });
  const unit = (name: string) => {
    const [size, inputs, outputs] = facts.shapeOf(`${name}/kernel`);
    return `self.${name} = TimeConvolution(${inputs}, ${outputs}, ${size}, norm=True)`;
  };
  const later = [...range(3).map((index) => `second${index}`), 'third', 'fourth'];
  const one = (name: string) => `x = F.avg_pool2d(self.drop(F.elu(self.${name}(x))), (1, ${half}))`;
  const all = (name: string, call: (own: string) => string) =>
    `torch.cat([${range(3)
      .map((index) => call(`self.${name}${index}`))
      .join(', ')}], 1)`;
  return {
    parts: [signalParts, electrodeDepthwiseParts, eegInceptionParts],
    setUp: [...first, ...later.map(unit), drop(facts)],
    forward: [
      enter(facts, 1),
      `x = F.avg_pool2d(${all('first', (own) => `${own}(x)`)}, (1, ${pool}))`,
      `x = F.avg_pool2d(${all('second', (own) => `self.drop(F.elu(${own}(x)))`)}, (1, ${half}))`,
      one('third'),
      one('fourth'),
      leave(facts),
    ],
  };
}

function stagerNet(facts: SignalFacts): EncoderSource {
  const [length, electrodes] = [facts.inputShape[0]!, electrodesOf(facts)];
  const pool = poolOf(facts.options as { pool: number }, length, facts.about.samplingRate);
  const stages = range(2).map((index) => {
    const [size, inputs, outputs] = facts.shapeOf(`time${index}/kernel`);
    return `self.time${index} = TimeConvolution(${inputs}, ${outputs}, ${size})`;
  });
  return {
    parts: [signalParts, timeThenElectrodesParts],
    setUp: [`self.electrodes = Weights(${electrodes}, ${electrodes})`, ...stages],
    forward: [
      enter(facts, 1),
      'x = torch.einsum("nfel,ge->nfgl", x, self.electrodes.weight) + self.electrodes.bias.view(-1, 1)',
      ...stages.map((_, index) => `x = F.max_pool2d(F.relu(self.time${index}(x)), (1, ${pool}))`),
      leave(facts),
    ],
  };
}

function tinySleepNet(facts: SignalFacts): EncoderSource {
  const stride = strideOf(facts.options as { stride: number }, facts.about.samplingRate);
  const pool = number(facts, 'pool');
  const units = range(facts.countOf('time')).map((index) => {
    const [size, inputs, outputs] = facts.shapeOf(`time${index}/kernel`);
    const step = index === 0 ? stride : 1;
    return `self.time${index} = TimeConvolution(${inputs}, ${outputs}, ${size}, ${step}, same=False, norm=True)`;
  });
  const [inputs, gates] = facts.shapeOf('recurrent/enter/kernel') as [number, number];
  const pooled = (by: number) => `x = self.drop(F.max_pool1d(x.squeeze(2), ${by})).unsqueeze(2)`;
  return {
    parts: [signalParts, recurrentParts],
    setUp: [
      ...units,
      drop(facts, 'drop', 'Dropout1d'),
      `self.recurrent = Recurrent(${inputs}, ${gates / 4})`,
    ],
    forward: [
      enter(facts, 2),
      'x = F.relu(self.time0(x))',
      pooled(pool),
      ...units.slice(1).map((_, index) => `x = F.relu(self.time${index + 1}(x))`),
      pooled(Math.floor(pool / 2)),
      'return self.recurrent(x.squeeze(2).transpose(1, 2))',
    ],
  };
}

function inceptionTime(facts: SignalFacts): EncoderSource {
  const count = facts.countOf('block');
  const blocks = range(count).map((index) => {
    const [, inputs, filters] = facts.shapeOf(`block${index}/nearby/kernel`);
    const sizes = range(3).map((at) => sizeOf(facts, `block${index}/time${at}`));
    return `self.block${index} = Inception(${inputs}, ${filters}, (${sizes.join(', ')}))`;
  });
  const shortcuts = range(facts.countOf('shortcut')).map((index) => {
    const outputs = facts.shapeOf(`shortcut${index}/norm/scale`)[0]!;
    const kernel = `shortcut${index}/kernel`;
    const inputs = facts.has(kernel) ? facts.shapeOf(kernel)[1]! : outputs;
    return `self.shortcut${index} = Shortcut(${inputs}, ${outputs})`;
  });
  const groups = Math.ceil(count / BLOCKS_OF_A_SHORTCUT);
  return {
    parts: [signalParts, inceptionTimeParts],
    setUp: [...blocks, ...shortcuts],
    forward: [
      enter(facts, 2),
      ...range(groups).flatMap((group) => {
        const own = range(count).filter((index) => Math.floor(index / BLOCKS_OF_A_SHORTCUT) === group);
        const run = own.map((index) => `x = self.block${index}(x)`);
        if (group >= shortcuts.length) return run;
        return ['before = x', ...run, `x = F.relu(x + self.shortcut${group}(before))`];
      }),
      leave(facts),
    ],
  };
}

function patchTransformer(facts: SignalFacts): EncoderSource {
  const { patch, stride } = patchesOf(
    facts.options as { patch: number; stride: number },
    facts.inputShape[0]!,
  );
  const [places, width] = facts.shapeOf('positions') as [number, number];
  const blocks = range(facts.countOf('block')).map((index) => {
    const hidden = facts.shapeOf(`block${index}/mix/widen/kernel`)[1]!;
    return `self.block${index} = Block(${width}, ${number(facts, 'heads')}, ${hidden}, ${number(facts, 'dropout')})`;
  });
  const read = facts.options['ownScale'] === true ? 'scaled_by_itself(x)' : 'x';
  return {
    parts: [signalParts, residualAttentionParts],
    setUp: [
      `self.patches = nn.Linear(${patch}, ${width})`,
      `self.positions = nn.Parameter(torch.zeros(${places}, ${width}))`,
      ...blocks,
      drop(facts),
    ],
    forward: [
      `x = long_enough(x, ${facts.encoder.leastLength ?? 1})`,
      `longer = F.pad(${read}, (0, ${stride}), mode="replicate")`,
      `tokens = self.patches(longer.unfold(2, ${patch}, ${stride}))`,
      'count, channels, places, width = tokens.shape',
      'positions = F.interpolate(self.positions.T[None], size=places, mode="linear")[0].T',
      'tokens, scores = self.drop(tokens + positions).flatten(0, 1), None',
      ...blocks.map((_, index) => `tokens, scores = self.block${index}(tokens, scores)`),
      'tokens = tokens.view(count, channels, places, width)',
      facts.about.mayMiss ? 'return mean_of_present(tokens, x).mean(1)' : 'return tokens.mean(1).mean(1)',
    ],
  };
}

export const signalFamilies: Readonly<Record<string, (facts: SignalFacts) => EncoderSource>> = {
  eegnet: eegNet,
  'shallow-conv-net': shallowConvNet,
  'deep-conv-net': deepConvNet,
  'eeg-inception': eegInception,
  'eeg-conformer': conformer,
  'stager-net': stagerNet,
  'tiny-sleep-net': tinySleepNet,
  'inception-time': inceptionTime,
  'patch-transformer': patchTransformer,
};
