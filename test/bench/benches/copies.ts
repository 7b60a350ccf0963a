/** The search for copies against the one it replaced, which finds the same pairs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRow } from '../document.ts';
import { duel } from '../duel.ts';
import { earlierSources, presentSources } from '../peers/earlier.ts';
import { startWorker } from '../worker.ts';
import { rateRow, type BenchContext } from './context.ts';

/** Before searches used all cores, and images were decoded beside one another. */
export const BEFORE = '58333c7';
const IMAGES = 8000;

export async function copiesBench(context: BenchContext): Promise<BenchRow[]> {
  const folders = ['present', 'before'].map((name) => join(context.folder, name));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const [present = '', before = ''] = folders;
  const sources = earlierSources(context.folder, BEFORE);
  const start = (from: string, work: string) =>
    startWorker('copy-search.ts', { sources: from, work, images: IMAGES }, context.python);
  const [ours, peer] = [await start(presentSources, present), await start(sources, before)];
  try {
    context.say(`copies: measuring, beside ${BEFORE}`);
    const times = await duel(ours, peer, { ...context, steps: 1 });
    const row = {
      bench: 'copies',
      case: `${IMAGES} images of 28×28 among themselves`,
      unit: 'images/s',
    } as const;
    return [rateRow({ ...row, peerName: `this program at ${BEFORE}` }, times, IMAGES)];
  } finally {
    await ours.end();
    await peer.end();
  }
}
