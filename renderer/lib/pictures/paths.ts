/** SVG paths for the small curves that need no axes. */

/** Smallest and largest value; [0, 1] of nothing. */
function extent(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** A polyline over the whole width, values scaled into the height with a pixel of air; a gap where one is no number. */
export function linePath(
  values: readonly number[],
  width: number,
  height: number,
  [low, high]: [number, number] = extent(values),
  top = 0,
): string {
  if (values.length === 0) return '';
  const span = high - low || 1;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let isDrawn = false;
  const parts = values.map((value, i) => {
    const y = top + 1 + (height - 2) * (1 - (value - low) / span);
    const sign = isDrawn ? 'L' : 'M';
    isDrawn = Number.isFinite(y);
    return isDrawn ? `${sign}${(i * step).toFixed(1)},${y.toFixed(1)}` : '';
  });
  return parts.join('');
}

/** Traces of a multi-channel signal in lanes of equal height, on one common scale around each lane's mean. */
export function channelPaths(
  channels: readonly (readonly number[])[],
  width: number,
  height: number,
): string[] {
  const lane = height / Math.max(1, channels.length);
  const means = channels.map(
    (channel) => channel.reduce((sum, v) => sum + v, 0) / Math.max(1, channel.length),
  );
  const reach = Math.max(
    1e-9,
    ...channels.map((channel, i) => Math.max(...channel.map((v) => Math.abs(v - (means[i] ?? 0))), 0)),
  );
  return channels.map((channel, i) => {
    const mean = means[i] ?? 0;
    return linePath(channel, width, lane, [mean - reach, mean + reach], i * lane);
  });
}
