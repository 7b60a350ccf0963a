/** The values of a typed array that are kept, in their order. `filter` holds each as an object of its own meanwhile. */
export function kept<T extends Int32Array | Float64Array>(
  list: T,
  isKept: (value: number, index: number) => boolean,
): T {
  let count = 0;
  for (let index = 0; index < list.length; index++) if (isKept(list[index]!, index)) count++;
  const found = new (list.constructor as new (length: number) => T)(count);
  let at = 0;
  for (let index = 0; index < list.length; index++)
    if (isKept(list[index]!, index)) found[at++] = list[index]!;
  return found;
}
