/** Means of a step's numbers between two points of a curve. A plain value, so that a resumed run draws the same curve. */

export interface CurveInterval {
  count: number;
  sums: Record<string, number>;
}

export const emptyInterval = (): CurveInterval => ({ count: 0, sums: {} });

export function addToInterval(interval: CurveInterval, values: Record<string, number>): CurveInterval {
  const sums = { ...interval.sums };
  for (const [name, value] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + value;
  return { count: interval.count + 1, sums };
}

export function intervalMeans({ count, sums }: CurveInterval): Record<string, number> {
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count]));
}

/** Points of a curve: enough to see its shape, few enough for a database and a screen. */
const POINTS = 400;

export const stepsBetweenPoints = (totalSteps: number): number =>
  Math.max(1, Math.floor(totalSteps / POINTS));
