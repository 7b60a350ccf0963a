/** Where the time of a run's steps goes, as its environment tells it: for the run's page and the command line. */
import type { Run } from '../entities.ts';

export interface StepProfile {
  milliseconds: number;
  /** The largest first. */
  parts: { name: string; share: number }[];
}

const PARTS = [
  ['stepShareCompute', 'computation'],
  ['stepShareViews', 'views'],
  ['stepShareInput', 'waiting for data'],
  ['stepShareDispatch', 'dispatch'],
] as const;

/** Null where nothing was measured yet. */
export function stepProfile(environment: Run['environment']): StepProfile | null {
  const milliseconds = environment?.stepMilliseconds;
  if (milliseconds === undefined) return null;
  const parts = PARTS.flatMap(([key, name]) => {
    const share = environment![key];
    return share === undefined ? [] : [{ name, share }];
  });
  return { milliseconds, parts: parts.sort((a, b) => b.share - a.share) };
}

/** "computation 80 %, views 12 %, waiting for data 5 %, dispatch 3 %" */
export const partsText = ({ parts }: StepProfile): string =>
  parts.map(({ name, share }) => `${name} ${Math.round(100 * share)} %`).join(', ');
