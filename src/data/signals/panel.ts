/** What a person sees of a signal: a trace a channel, of so many points as can be seen. */
import type { Panel } from '../../contract/data/preview.ts';

/** Points that a trace is thinned to, a lowest and a highest for each stretch. */
const TRACE_POINTS = 160;

/** A window of a signal, `[length, channels]`, row-major. */
export function signalPanel(values: ArrayLike<number>, shape: readonly number[]): Panel['content'] {
  const [length = 0, channels = 0] = shape;
  return {
    kind: 'signal',
    channels: Array.from({ length: channels }, (_, channel) =>
      thin(
        Array.from({ length }, (_, time) => values[time * channels + channel]!),
        TRACE_POINTS,
      ),
    ),
  };
}

/** At most `points` values that keep every peak: of each stretch its lowest and highest, in their order. */
export function thin(values: readonly number[], points: number): number[] {
  if (values.length <= points) return [...values];
  const stretches = Math.floor(points / 2);
  return Array.from({ length: stretches }, (_, stretch) => {
    const from = Math.floor((stretch * values.length) / stretches);
    const to = Math.floor(((stretch + 1) * values.length) / stretches);
    let low = from;
    let high = from;
    for (let index = from; index < to; index++) {
      if (values[index]! < values[low]!) low = index;
      if (values[index]! > values[high]!) high = index;
    }
    return low <= high ? [values[low]!, values[high]!] : [values[high]!, values[low]!];
  }).flat();
}
