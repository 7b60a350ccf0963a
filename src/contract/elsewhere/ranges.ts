/** Lists of job numbers as people and queueing systems write them: `1-5,8`. */
import { PretextError } from '../errors.ts';

/** @param numbers in rising order */
export function toRanges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** @throws PretextError `job.list` for what is no such list, or names no job from 1 to `most` */
export function fromRanges(text: string, most: number): number[] {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const [from, to = from] = part.trim().split('-').map(Number);
    if (!Number.isInteger(from) || !Number.isInteger(to) || from! < 1 || to! < from! || to! > most)
      throw new PretextError({
        code: 'job.list',
        message: `“${text}” is no list of jobs from 1 to ${most}.`,
        remedy: 'Write numbers and ranges with commas, for example 1-5,8.',
      });
    for (let number = from!; number <= to!; number++) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}
