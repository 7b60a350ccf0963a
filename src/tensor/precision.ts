/**
 * Mixed precision: large products are computed in 16 bits, everything else in 32.
 *
 * A tensor of 16 bits shows as `float32` in tfjs, as bytes show as `int32`: the native type is known to the backend.
 * Only what stands in `lowered` ever sees one.
 */
import { nativeTypes } from './backend.ts';
import { attribute, defineNative, nativeTypeOf, runNative } from './native.ts';
import type { Tensor } from './tf.ts';

/**
 * `bfloat16` has the range of 32 bits and 8 bits of precision; `float16` has 11 bits of precision, and gradients
 * below 6e-8 vanish in it unless the loss is scaled.
 */
export type Precision = 'float32' | 'bfloat16' | 'float16';

let current: Precision = 'float32';

export const inFullPrecision = () => current === 'float32';

/** Runs `body`; the products in it are computed in that precision, and so are those of their gradients. */
export function atPrecision<Result>(precision: Precision, body: () => Result): Result {
  const before = current;
  current = precision;
  try {
    return body();
  } finally {
    current = before;
  }
}

const castTo = (x: Tensor, type: number) => {
  const attributes = [
    attribute.type('SrcT', nativeTypeOf(x)),
    attribute.type('DstT', type),
    attribute.bool('Truncate', false),
  ];
  return runNative('Cast', attributes, [x]);
};

const toLow = defineNative<{ type: number }>(
  {
    name: 'PretextToLowPrecision',
    forward: ({ x }, { type }) => [castTo(x!, type)],
    gradient: ([dy]) => ({ x: () => castTo(dy!, nativeTypes.float32) }),
  },
  ['x'],
);

const toFull = defineNative<{ type: number }>(
  {
    name: 'PretextToFullPrecision',
    forward: ({ x }) => [castTo(x!, nativeTypes.float32)],
    gradient: ([dy], _, __, { type }) => ({ x: () => castTo(dy!, type) }),
  },
  ['x'],
);

/** A product of two float32 tensors: both enter it in the present precision, and float32 comes out. */
export function lowered(product: (a: Tensor, b: Tensor) => Tensor, a: Tensor, b: Tensor): Tensor {
  if (current === 'float32') return product(a, b);
  const type = nativeTypes[current];
  const enter = (x: Tensor) => toLow({ x }, { type })[0]!;
  return toFull({ x: product(enter(a), enter(b)) }, { type })[0]!;
}
