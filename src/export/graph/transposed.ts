/** Values with their axes in another order: `order[i]` is the axis that becomes axis i. */
export function transposed(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const sides = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = new Float32Array(values.length);
  const at = new Array<number>(sides.length).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < sides[axis]!) break;
      from -= steps[axis]! * sides[axis]!;
      at[axis] = 0;
    }
  }
  return result;
}
