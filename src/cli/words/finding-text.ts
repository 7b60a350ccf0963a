/** A finding of a run as text: what is wrong since when, and what to do about it. */
import type { Finding } from '../../contract/entities.ts';

const TITLES: Record<Finding['kind'], string> = {
  'complete-collapse': 'complete collapse',
  'dimensional-collapse': 'dimensional collapse',
  divergence: 'divergence',
};

/** "complete collapse since epoch 3: …", the advice in a second line while it lasts. */
export function findingText({ kind, epoch, message, advice, overAtStep }: Finding): string {
  const since = `epoch ${Number(epoch.toFixed(1))}`;
  if (overAtStep !== null) return `${TITLES[kind]} from ${since}, over at step ${overAtStep}: ${message}`;
  return `${TITLES[kind]} since ${since}: ${message}\n  ${advice}`;
}
