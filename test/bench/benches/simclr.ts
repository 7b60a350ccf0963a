/** SimCLR from stored images to updated weights, and the memory that both sides took for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noiseBytes } from '../cases/network.ts';
import { duel } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { startWorker } from '../worker.ts';
import { timeRow, type BenchContext } from './context.ts';
import { bestPeer, memoryRow } from './loader-workers.ts';

const IMAGES = 10_000;
const STEPS = 10;
const peer = { script: 'simclr.py', name: 'LightlySSL' };
const settings = [
  { width: 16, batch: 128, blur: false },
  { width: 16, batch: 256, blur: false },
  { width: 32, batch: 256, blur: false },
  { width: 16, batch: 256, blur: true },
];

/** Writes the stored images: the same file for both sides. */
export function storedImages(folder: string): { images: string; count: number } {
  const images = join(folder, 'images.bin');
  writeFileSync(images, noiseBytes(IMAGES * 32 * 32 * 3));
  return { images, count: IMAGES };
}

/** Rows of `simclr` and of `memory`, from the same runs. */
export async function simclrBench(context: BenchContext): Promise<BenchRow[]> {
  const stored = storedImages(context.folder);
  const rows: BenchRow[] = [];
  for (const setting of settings) {
    const name = `width ${setting.width}, batch ${setting.batch}${setting.blur ? ', blurred views' : ''}`;
    context.say(`simclr: ${name}`);
    const options = { ...setting, ...stored };
    const best = await bestPeer(context, peer, options, STEPS);
    const ours = await startWorker('simclr.ts', options, context.python);
    try {
      const times = await duel(ours, best.peer, { ...context, steps: STEPS });
      const { peerName } = best;
      rows.push(timeRow({ bench: 'simclr', case: name, peerName }, times));
      rows.push(await memoryRow(`SimCLR, ${name}`, ours, best.peer, peerName));
    } finally {
      await ours.end();
      await best.peer.end();
    }
  }
  return rows;
}
