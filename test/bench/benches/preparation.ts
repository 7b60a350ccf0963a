/** `preparation`: each step beside SciPy, NumPy or MNE on the same values. The first number is the largest difference. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PretextError } from '../../../src/contract/errors.ts';
import type { BenchRow } from '../document.ts';
import { duel } from '../duel.ts';
import { preparePreparationPeers } from '../peers/setup.ts';
import { startWorker } from '../worker.ts';
import { rateRow, type BenchContext } from './context.ts';

/** Of the largest value: values are stored as float32 after each step. */
const MOST_DIFFERENCE = 1e-5;

/** Of 32 channels at 200 Hz. */
export const preparationCases = [
  { title: 'mean', steps: [{ step: 'detrend', by: 'mean' }] },
  { title: 'line', steps: [{ step: 'detrend', by: 'line' }] },
  { title: 'high-pass 0.5 Hz', steps: [{ step: 'high-pass', at: 0.5 }] },
  { title: 'low-pass 40 Hz', steps: [{ step: 'low-pass', at: 40 }] },
  { title: 'band-pass 1 to 40 Hz', steps: [{ step: 'band-pass', from: 1, to: 40 }] },
  { title: 'notch 50 Hz', steps: [{ step: 'notch', at: 50 }] },
  { title: 'average reference', steps: [{ step: 'reference', to: 'average' }] },
  { title: 'bipolar reference', steps: [{ step: 'reference', to: 'E1-E2, E3-E4, E5-E6' }] },
  { title: 'z-score, each channel', steps: [{ step: 'scale', by: 'z-score' }] },
  { title: 'z-score, all together', steps: [{ step: 'scale', by: 'z-score', over: 'recording' }] },
  { title: 'median, each channel', steps: [{ step: 'scale', by: 'median' }] },
  { title: 'median, all together', steps: [{ step: 'scale', by: 'median', over: 'recording' }] },
  { title: 'z-score, each window', steps: [{ step: 'scale', over: 'window-channel' }] },
  { title: 'median, each window together', steps: [{ step: 'scale', by: 'median', over: 'window' }] },
  { title: 'limit, hard', steps: [{ step: 'clip', at: 50 }] },
  { title: 'limit, soft', steps: [{ step: 'clip', at: 50, by: 'soft' }] },
  { title: 'to 125 Hz', steps: [], resampleTo: 125 },
  {
    title: 'EEG as a whole',
    steps: [
      { step: 'high-pass', at: 0.5 },
      { step: 'notch', at: 50 },
      { step: 'low-pass', at: 40 },
      { step: 'reference', to: 'average' },
      { step: 'scale', by: 'median' },
      { step: 'clip', at: 20 },
    ],
  },
] as const;

export async function preparationBench(context: BenchContext): Promise<BenchRow[]> {
  const python = await preparePreparationPeers();
  const rows: BenchRow[] = [];
  for (const [index, { title, ...told }] of preparationCases.entries()) {
    context.say(`preparation: ${title}`);
    const folder = join(context.folder, String(index));
    mkdirSync(folder);
    // The peer writes the values, and what it makes of them.
    const peer = await startWorker('preparation.py', { ...told, folder }, python);
    const ours = await startWorker('preparation.ts', { ...told, folder }, python);
    try {
      const { values = 0, difference = Infinity } = ours.started;
      if (!(difference <= MOST_DIFFERENCE))
        throw new PretextError({
          code: 'bench.preparation',
          message: `${title}: values differ by ${difference} of the largest; ${MOST_DIFFERENCE} are allowed.`,
        });
      const row = { bench: 'preparation' as const, peerName: peer.started.version ?? 'SciPy' };
      rows.push({
        ...row,
        case: `${title}, values`,
        unit: 'largest difference, share of the largest value',
        ours: difference,
        peer: null,
        ratio: null,
        spread: null,
      });
      const times = await duel(ours, peer, { ...context, steps: 1 });
      rows.push(rateRow({ ...row, case: `${title}, rate`, unit: 'million values/s' }, times, values / 1e6));
    } finally {
      await ours.end();
      await peer.end();
    }
  }
  return rows;
}
