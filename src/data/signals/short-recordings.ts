/** Recordings that are shorter than a window, told before they are imported. */
import type { Doubt } from '../../contract/messages/rpc.ts';

/**
 * @param rows of each recording that was looked at, at the rate of the windows; null where that is not known
 * @returns nothing where a window may fit
 */
export function shortDoubts(rows: readonly (number | null)[], windowLength: number): Doubt[] {
  const longest = Math.max(...rows.map((count) => count ?? Infinity));
  if (rows.length === 0 || longest >= windowLength) return [];
  const which = rows.length === 1 ? 'The recording is' : `Of ${rows.length} recordings looked at, none is`;
  return [
    {
      code: 'signals.no-window',
      message: `${which} ${rows.length === 1 ? 'shorter than' : 'as long as'} a window: ${rows.length === 1 ? 'it has' : 'the longest has'} ${longest} rows, a window ${windowLength}.`,
      remedy: `Make windows shorter (windowLength at most ${longest}).`,
      blocking: false,
    },
  ];
}
