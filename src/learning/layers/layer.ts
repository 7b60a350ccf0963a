/**
 * Layers as values: what variables a layer has, and the pure function it is.
 *
 * A layer holds no tensor. Its variables are listed by name and shape; their values come in with every call
 * (`Pass`), and new batch statistics go out with it. So the same layer can run on the parameters of a run, on
 * those of a target network, eagerly or inside a compiled step.
 */
import { childSeed, tf, type State, type Tensor } from '../../tensor/index.ts';
import { randomStream } from '../random.ts';

/** How a variable begins. */
export type Initial =
  | { kind: 'constant'; value: number }
  /** Normal with variance 2 / fanIn (He et al. 2015), for layers followed by a rectifier. */
  | { kind: 'he'; fanIn: number }
  /** Uniform with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010), for the last layer of a head. */
  | { kind: 'glorot'; fanIn: number; fanOut: number }
  | { kind: 'normal'; deviation: number };

export interface VariableSpec {
  /** With slashes: `encoder/stem/convolution/kernel`. */
  name: string;
  shape: number[];
  initial: Initial;
}

/** Values that a layer reads while it is applied, and the new statistics it leaves behind. */
export interface Pass {
  readonly parameters: State;
  readonly statistics: State;
  /** Batch statistics are used and collected; otherwise the moving ones are used. */
  readonly training: boolean;
  /** New values of the statistics, filled by the layers in training. */
  readonly updates: State;
  /** Where random layers (dropout, dropped paths, masks) take their numbers from; null where nothing may be random. */
  readonly random: Randomness | null;
}

/**
 * The randomness of one pass: the step's seed, and which of its passes this is. The same step gives the same numbers,
 * op by op or compiled, and again when a run goes on from a checkpoint; two passes of one step give others.
 */
export interface Randomness {
  /** int32 [2] */
  seed: Tensor;
  pass: string;
}

/** The seed of a random layer of that name in this pass; null where the pass is not to be random. */
export const seedOf = ({ training, random }: Pass, name: string): Tensor | null =>
  training && random ? childSeed(random.seed, `${random.pass}/${name}`) : null;

export interface Layer {
  /** Trainable variables, in order from input to output. */
  parameters: VariableSpec[];
  /** Variables that follow the data: moving means and variances. */
  statistics: VariableSpec[];
  apply(x: Tensor, pass: Pass): Tensor;
}

export interface LayerState {
  parameters: State;
  statistics: State;
}

/** Begins a pass over layers. */
export function createPass(state: LayerState, training: boolean, random: Randomness | null = null): Pass {
  return { parameters: state.parameters, statistics: state.statistics, training, updates: {}, random };
}

/** All statistics after a pass: the new ones where there are some, else the old ones. */
export function statisticsAfter(pass: Pass, specs: readonly VariableSpec[]): State {
  return Object.fromEntries(
    specs.map(({ name }) => [name, pass.updates[name] ?? variable(pass.statistics, name)]),
  );
}

/** The tensor of that name; a missing one is a mistake in the program. */
export function variable(state: State, name: string): Tensor {
  const value = state[name];
  if (!value)
    throw new Error(`The variable ${name} is missing. There are: ${Object.keys(state).join(', ')}.`);
  return value;
}

/** One layer after the other. */
export function sequence(layers: readonly Layer[]): Layer {
  return {
    parameters: layers.flatMap((layer) => layer.parameters),
    statistics: layers.flatMap((layer) => layer.statistics),
    apply: (x, pass) => layers.reduce((value, layer) => layer.apply(value, pass), x),
  };
}

/** All layers on the same input; what they give stands side by side in the last axis. */
export function sideBySide(layers: readonly Layer[]): Layer {
  return {
    parameters: layers.flatMap((layer) => layer.parameters),
    statistics: layers.flatMap((layer) => layer.statistics),
    apply: (x, pass) =>
      tf.concat(
        layers.map((layer) => layer.apply(x, pass)),
        -1,
      ),
  };
}

/** x + layer(x) */
export const aroundInput = (layer: Layer): Layer => ({
  ...layer,
  apply: (x, pass) => tf.add(x, layer.apply(x, pass)),
});

/** A function without variables as a layer. */
export const functionLayer = (apply: (x: Tensor) => Tensor): Layer => ({
  parameters: [],
  statistics: [],
  apply: (x) => apply(x),
});

/** First values of variables. They depend on the seed and on each variable's own name, and on nothing else. */
export function initialState(specs: readonly VariableSpec[], seed: number): State {
  return Object.fromEntries(
    specs.map((spec) => [spec.name, tf.tensor(initialValues(spec, seed), spec.shape, 'float32')]),
  );
}

function initialValues({ name, shape, initial }: VariableSpec, seed: number): Float32Array {
  const values = new Float32Array(shape.reduce((count, side) => count * side, 1));
  if (initial.kind === 'constant') return values.fill(initial.value);
  const stream = randomStream(seed, name);
  if (initial.kind === 'glorot') {
    const limit = Math.sqrt(6 / (initial.fanIn + initial.fanOut));
    return values.map(() => (2 * stream.uniform() - 1) * limit);
  }
  const deviation = initial.kind === 'he' ? Math.sqrt(2 / initial.fanIn) : initial.deviation;
  return values.map(() => stream.normal() * deviation);
}
