/** Times as people and devices write them, as seconds. */

const DATE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/;
const DATE_BACKWARDS = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,9}))?)?\s*(am|pm)?/i;
const ZONE = /^\s*(?:z|utc|[+-]\d{2}:?\d{2})$/i;
const DAY = 86_400;

/** A date, a time of day, or both. */
export function looksLikeTime(text: string): boolean {
  return /^\d{1,4}[-/.:]\d/.test(text) && !Number.isNaN(parseTime(text));
}

/**
 * Seconds since 1970 (since midnight where no date is given); NaN for anything else. Zones are left out: within
 * a recording there is one. Where day and month could change places they may: distances within a day are right.
 */
export function parseTime(text: string): number {
  let rest = text.trim();
  let seconds = 0;
  const date = DATE.exec(rest) ?? DATE_BACKWARDS.exec(rest);
  if (date) {
    seconds = dayOf(date);
    if (Number.isNaN(seconds)) return NaN;
    rest = rest.slice(date[0].length).replace(/^[T_,\s]+/i, '');
    if (rest === '') return seconds;
  }
  const clock = CLOCK.exec(rest);
  if (!clock) return NaN;
  const after = rest.slice(clock[0].length);
  if (after.trim() !== '' && !ZONE.test(after)) return NaN;
  const [, hour = '', minute = '', second = '0', fraction = '', half] = clock;
  let hours = Number(hour);
  if (half) hours = (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  if (hours > 24 || Number(minute) > 59 || Number(second) > 60) return NaN;
  return seconds + hours * 3600 + Number(minute) * 60 + Number(`${second}.${fraction || '0'}`);
}

function dayOf(date: RegExpExecArray): number {
  const [, first = '', second = '', third = ''] = date;
  const isForward = first.length === 4;
  let [year, month, day] = isForward
    ? [Number(first), Number(second), Number(third)]
    : [Number(third), Number(second), Number(first)];
  if (year < 100) year += 2000;
  if (month > 12) [month, day] = [day, month];
  if (month < 1 || month > 12 || day < 1 || day > 31) return NaN;
  return (Date.UTC(year, month - 1, day) / 1000 / DAY) * DAY;
}

/** Seconds that a unit stands for, by its name in a header: "Time (ms)", "t [s]", "timestamp_us". */
export function unitSeconds(name: string): number | null {
  const words = name.toLowerCase().replace(/µ|μ/g, 'u');
  const unit =
    /(?:[([{,/_\s]|^)(ns|us|usec|ms|msec|millis|milliseconds?|microseconds?|nanoseconds?|s|sec|secs|seconds?|min|minutes?|h|hours?)[)\]}]?$/.exec(
      words.trim(),
    )?.[1];
  if (unit === undefined) return null;
  if (unit.startsWith('n')) return 1e-9;
  if (/^(us|micro)/.test(unit)) return 1e-6;
  if (/^(ms|milli)/.test(unit)) return 1e-3;
  if (unit.startsWith('min')) return 60;
  return unit.startsWith('h') ? 3600 : 1;
}

/** The unit of numbers that count from 1970, told by their size; null for others. */
export function epochUnit(value: number): number | null {
  for (const unit of [1, 1e-3, 1e-6, 1e-9]) {
    const seconds = value * unit;
    if (seconds > 6e8 && seconds < 4e9) return unit;
  }
  return null;
}

/** "1 h", "2 min 5 s", "40 ms". */
export function formatSpan(seconds: number): string {
  const shown = Number(seconds.toPrecision(3));
  if (shown < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (shown < 60) return `${shown} s`;
  const [large, small, factor] = Math.round(seconds) < 3600 ? ['min', 's', 1] : ['h', 'min', 60];
  // Rounded first: what is left of a minute is never sixty seconds.
  const total = Math.round(seconds / factor);
  const rest = total % 60;
  return `${(total - rest) / 60} ${large}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}

/** "100 Hz", "1 a minute". */
export function formatRate(hz: number): string {
  if (hz >= 0.5) return `${Number(hz.toPrecision(6))} Hz`;
  return `one every ${formatSpan(1 / hz)}`;
}
