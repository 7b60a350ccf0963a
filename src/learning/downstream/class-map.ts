/**
 * Where in a sample an answer comes from, by the last maps of the encoder (Grad-CAM: Selvaraju et al. 2017).
 *
 * Where features are the means of the last maps and the head is linear, the gradient of an answer by a map is the same
 * at every place: the head's weight over the number of places. Grad-CAM is then the sum of the maps, each times its
 * weight (CAM: Zhou et al. 2016), and the mean of that sum over all places, plus the bias, is the answer itself.
 */

/** Differences that rounding makes between features and the means of maps. */
const TOLERANCE = 1e-3;

/**
 * One value for each place, row-major: what it adds to the answer, times the number of places. Null where the features
 * are no means of the maps (a class token): nothing can then be said by them.
 *
 * @param maps [places, channels], row-major
 * @param weights the head's for this answer, one for each channel
 */
export function classMap(
  maps: Float32Array,
  features: Float32Array,
  weights: ArrayLike<number>,
): Float32Array | null {
  const channels = features.length;
  const places = maps.length / channels;
  const means = new Float64Array(channels);
  for (let at = 0; at < maps.length; at += 1) means[at % channels]! += maps[at]! / places;
  const scale = Math.max(1e-6, ...features.map(Math.abs));
  if (features.some((feature, channel) => Math.abs(feature - means[channel]!) > TOLERANCE * scale))
    return null;
  return Float32Array.from({ length: places }, (_, place) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1)
      sum += weights[channel]! * maps[place * channels + channel]!;
    return sum;
  });
}
