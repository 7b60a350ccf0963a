/**
 * Products of packed signatures, eight numbers at a time. This is AssemblyScript, which `compiled.ts` holds compiled:
 * `node build/kernel.mjs` renews that.
 *
 * A packed signature is 40 whole numbers of 8 bits, the last five of them 0. All addresses are in bytes.
 */

const STRIDE: usize = 40;

function product(place: usize, a: v128, b: v128, c: v128, d: v128, e: v128): i32 {
  let sum = i32x4.dot_i16x8_s(a, v128.load8x8_s(place));
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(b, v128.load8x8_s(place, 8)));
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(c, v128.load8x8_s(place, 16)));
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(d, v128.load8x8_s(place, 24)));
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(e, v128.load8x8_s(place, 32)));
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}

/**
 * Keeps of the places in `list` those whose product with the signature at `asked` is at least `least`, in their order,
 * and writes their products. Returns how many they are.
 */
export function keepNear(
  packed: usize,
  list: usize,
  count: i32,
  asked: usize,
  least: i32,
  products: usize,
): i32 {
  const a = v128.load8x8_s(asked);
  const b = v128.load8x8_s(asked, 8);
  const c = v128.load8x8_s(asked, 16);
  const d = v128.load8x8_s(asked, 24);
  const e = v128.load8x8_s(asked, 32);
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const place = load<u32>(list + ((<usize>at) << 2));
    const found = product(packed + <usize>place * STRIDE, a, b, c, d, e);
    if (found < least) continue;
    store<u32>(list + ((<usize>kept) << 2), place);
    store<i32>(products + ((<usize>kept) << 2), found);
    kept++;
  }
  return kept;
}

/** Raises each product to the largest that the place has with any of the signatures from `moved` on. */
export function raiseByMoves(
  packed: usize,
  list: usize,
  count: i32,
  moved: usize,
  moves: i32,
  products: usize,
): void {
  for (let at = 0; at < count; at++) {
    const place = packed + <usize>load<u32>(list + ((<usize>at) << 2)) * STRIDE;
    const a = v128.load8x8_s(place);
    const b = v128.load8x8_s(place, 8);
    const c = v128.load8x8_s(place, 16);
    const d = v128.load8x8_s(place, 24);
    const e = v128.load8x8_s(place, 32);
    let best = load<i32>(products + ((<usize>at) << 2));
    for (let move = 0; move < moves; move++)
      best = max(best, product(moved + <usize>move * STRIDE, a, b, c, d, e));
    store<i32>(products + ((<usize>at) << 2), best);
  }
}
