/** Another number of samples for the same stretch of time, by linear interpolation. */

/**
 * First and last sample stay; between them values are interpolated.
 * @param values [fromLength, channels] row-major
 * @returns [toLength, channels] in an array of its own
 */
export function resampleWindow(
  values: Float32Array,
  fromLength: number,
  toLength: number,
  channels: number,
): Float32Array<ArrayBuffer> {
  const resampled = new Float32Array(toLength * channels);
  const step = toLength > 1 ? (fromLength - 1) / (toLength - 1) : 0;
  for (let row = 0; row < toLength; row += 1) {
    const position = row * step;
    const before = Math.min(Math.floor(position), fromLength - 1);
    const after = Math.min(before + 1, fromLength - 1);
    const weight = position - before;
    for (let channel = 0; channel < channels; channel += 1) {
      const low = values[before * channels + channel]!;
      const high = values[after * channels + channel]!;
      resampled[row * channels + channel] = low + (high - low) * weight;
    }
  }
  return resampled;
}
