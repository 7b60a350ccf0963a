/**
 * What looks across all processes that compute a batch together, by TensorFlow's own collectives. Where there is one
 * process only, everything here is what it is given.
 *
 * Gradients are those of the sum of all processes' losses: what one process gave to all comes back from all.
 */
import { attribute, defineNative, nativeTypeOf, runNative } from '../native.ts';
import { attributeTypes, nativeTypes } from '../backend.ts';
import { layoutOf, presentShare, type Share } from '../share.ts';
import { tf, type Scalar, type Tensor } from '../tf.ts';

/** All processes are one group. */
const GROUP = 1;
/** No limit: TensorFlow keeps a thread asleep for each of them (`training/pretext/silence.ts` watches instead). */
const TIMEOUT_SECONDS = 0;

/** The same operation has the same number in every process: they trace the same programs in the same order. */
let instances = 0;

const groupAttributes = ({ processes }: Share) => [
  attribute.int('group_size', processes),
  attribute.int('group_key', GROUP),
  attribute.int('instance_key', ++instances),
  attribute.string('communication_hint', 'auto'),
  attribute.float('timeout_seconds', TIMEOUT_SECONDS),
];

function reduced(x: Tensor): Tensor {
  const share = presentShare();
  if (!share) throw new Error('What is summed over processes must be traced as a share.');
  return runNative(
    'CollectiveReduce',
    [
      attribute.type('T', nativeTypeOf(x)),
      ...groupAttributes(share),
      attribute.string('merge_op', 'Add'),
      attribute.string('final_op', 'Id'),
      attribute.int('subdiv_offsets', []),
      attribute.int('wait_for', []),
    ],
    [x],
  );
}

const total = defineNative<object>(
  {
    name: 'PretextTotal',
    forward: ({ x }) => [reduced(x!)],
    gradient: ([dy]) => ({ x: () => reduced(dy!) }),
  },
  ['x'],
);

/** The sum over all processes, of any shape. */
export function totalOf(x: Tensor): Tensor {
  return presentShare() ? total({ x }, {})[0]! : x;
}

/** The mean over all processes, of any shape. */
export function meanOfAll(x: Tensor): Tensor {
  const share = presentShare();
  return share ? tf.mul(totalOf(x), 1 / share.processes) : x;
}

/** Several scalars, each as its mean over all processes: one message. */
export function meansOfAll(scalars: Record<string, Tensor>): Record<string, Tensor> {
  if (!presentShare()) return scalars;
  const names = Object.keys(scalars);
  const means = meanOfAll(tf.stack(names.map((name) => tf.reshape(scalars[name]!, []))));
  return Object.fromEntries(names.map((name, at) => [name, tf.reshape(tf.slice(means, at, 1), [])]));
}

/** Tensors, each as its mean over all processes, in few messages: what gradients of parameters come to. */
export function meansOfLarge(tensors: Record<string, Tensor>): Record<string, Tensor> {
  const share = presentShare();
  if (!share) return tensors;
  const means: Record<string, Tensor> = {};
  for (const names of parcels(tensors)) {
    const flat = names.map((name) => tf.reshape(tensors[name]!, [-1]));
    const sum = tf.mul(reduced(tf.concat(flat, 0)), 1 / share.processes);
    const parts = tf.split(
      sum,
      flat.map(({ size }) => size),
      0,
    );
    names.forEach((name, at) => (means[name] = tf.reshape(parts[at]!, tensors[name]!.shape)));
  }
  return means;
}

/** Numbers to a message: enough to be worth one, few enough that the first leave while others are computed. */
const PARCEL = 1 << 20;

function parcels(tensors: Record<string, Tensor>): string[][] {
  const all: string[][] = [[]];
  let size = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    if (size > 0 && size + tensor.size > PARCEL) {
      all.push([]);
      size = 0;
    }
    all.at(-1)!.push(name);
    size += tensor.size;
  }
  return all.filter((names) => names.length > 0);
}

/** Rows of all processes one after the other: [N, …] to [processes · N, …]. */
function gathered(x: Tensor): Tensor {
  const share = presentShare();
  if (!share) throw new Error('What is gathered from processes must be traced as a share.');
  const [count, ...row] = x.shape as [number, ...number[]];
  const shape = {
    name: 'shape',
    type: attributeTypes.shape,
    value: [count * share.processes, ...row],
  };
  return runNative(
    'CollectiveGather',
    [attribute.type('T', nativeTypeOf(x)), ...groupAttributes(share), shape],
    [x],
  );
}

const gather = defineNative<object>(
  {
    name: 'PretextGather',
    forward: ({ x }) => [gathered(x!)],
    gradient: ([dy], { x }) => ({
      x: () => {
        const { rank } = presentShare()!;
        const [count, ...row] = x!.shape as [number, ...number[]];
        return tf.slice(reduced(dy!), [rank * count, ...row.map(() => 0)], [count, ...row]);
      },
    }),
  },
  ['x'],
);

/**
 * Rows of the whole batch, in its order: of a share's [k · n, …] (each of n samples once a block) [k · N, …].
 *
 * @param x numbers of 32 bits, or bytes
 */
export function wholeBatch(x: Tensor): Tensor {
  const share = presentShare();
  if (!share) return x;
  const layout = layoutOf(x.shape[0]!);
  if (!layout) throw new Error(`Rows of [${x.shape}] are no rows of ${share.samples} samples.`);
  if (nativeTypeOf(x) === nativeTypes.uint8 || x.dtype === 'bool')
    throw new Error('Only numbers of 32 bits are gathered.');
  const all = gather({ x }, {})[0]!;
  const { blocks, rows, wholeRows } = layout;
  if (blocks === 1) return all;
  const row = x.shape.slice(1);
  const size = row.reduce((product, side) => product * side, 1);
  const apart = tf.reshape(all, [share.processes, blocks, rows * size]);
  return tf.reshape(tf.transpose(apart, [1, 0, 2]), [blocks * wholeRows, ...row]);
}

/** This process's rows of a tensor of the whole batch: the other way round. Every block has its own. */
export function ownRows(whole: Tensor): Tensor {
  const share = presentShare();
  if (!share) return whole;
  const layout = layoutOf(whole.shape[0]! / share.processes);
  if (!layout) throw new Error(`Rows of [${whole.shape}] are no rows of a batch.`);
  const { blocks, rows, wholeRows, first } = layout;
  const row = whole.shape.slice(1);
  const size = row.reduce((product, side) => product * side, 1);
  const apart = tf.reshape(whole, [blocks, wholeRows, size]);
  return tf.reshape(tf.slice(apart, [0, first, 0], [blocks, rows, size]), [blocks * rows, ...row]);
}

/** Rows of the whole batch that correspond to so many of this process. */
export const wholeCount = (rows: number): number => rows * (presentShare()?.processes ?? 1);

/** A sum over the values of the whole batch. */
export const sumOfBatch = (x: Tensor): Scalar => totalOf(tf.sum(x)) as Scalar;

/** Means and variances [C] of all processes' shares: [processes, C] each, in one message. */
export function gatherMoments(
  mean: Tensor,
  variance: Tensor,
): { means: Tensor; variances: Tensor; processes: number } {
  const { processes } = presentShare()!;
  const channels = mean.size;
  const all = tf.reshape(gathered(tf.concat([mean, variance], 0)), [processes, 2 * channels]);
  const [means, variances] = tf.split(all, 2, 1) as [Tensor, Tensor];
  return { means, variances, processes };
}

/** Two vectors [C], each summed over all processes, in one message. */
export function reduceSums(one: Tensor, other: Tensor): { first: Tensor; second: Tensor; processes: number } {
  const [first, second] = tf.split(reduced(tf.concat([one, other], 0)), 2, 0) as [Tensor, Tensor];
  return { first, second, processes: presentShare()!.processes };
}
