/** The one size that all images of a dataset are stored at. */

const LARGEST_DEFAULT_SIDE = 128;

export interface Size {
  width: number;
  height: number;
}

/** The size in a shape [height, width, …] that is asked for. */
export function sizeOf({ shape: [height = 1, width = 1] }: { shape: readonly number[] }): Size {
  return { width, height };
}

/**
 * A chosen side gives squares. Without one, images that are all alike keep their size, shrunk in proportion
 * if a side is above 128; else squares of the median shorter side, at most 128.
 */
export function storedSize(sizes: readonly Size[], chosen: number | undefined): Size {
  if (chosen !== undefined) return { width: chosen, height: chosen };
  const first = sizes[0];
  if (!first) throw new Error('No image sizes were given.');
  if (sizes.every((size) => size.width === first.width && size.height === first.height)) {
    const shrink = Math.min(1, LARGEST_DEFAULT_SIDE / Math.max(first.width, first.height));
    const side = (length: number) => Math.max(8, Math.round(length * shrink));
    return { width: side(first.width), height: side(first.height) };
  }
  const sides = sizes.map((size) => Math.min(size.width, size.height)).sort((one, other) => one - other);
  const median = sides[Math.floor(sides.length / 2)] ?? LARGEST_DEFAULT_SIDE;
  const side = Math.min(LARGEST_DEFAULT_SIDE, median);
  return { width: side, height: side };
}
export interface StoredShape {
  height: number;
  width: number;
  channels: number;
  /** Left out: 8. */
  bits?: 8 | 16;
}
