/** `views`: every augmentation of selfEEG beside ours, and SimCLR from stored windows to updated weights beside selfEEG. */
import type { BenchRow } from '../document.ts';
import type { BenchContext } from './context.ts';
import { likeness } from './likeness.ts';
import { signalBench } from './signals.ts';

export async function viewBench(context: BenchContext): Promise<BenchRow[]> {
  const rows = await likeness(context, 'views');
  const timed = await signalBench(context);
  return [
    ...rows,
    ...timed.map((row) => (row.bench === 'signals' ? { ...row, bench: 'views' as const } : row)),
  ];
}
