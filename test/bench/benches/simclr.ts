/** SimCLR from stored images to updated weights, and the memory that both sides took for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noiseBytes } from '../cases/network.ts';
import { duel } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { startWorker, type Worker } from '../worker.ts';
import { timeRow, type BenchContext } from './context.ts';

const IMAGES = 10_000;
const STEPS = 10;
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
    const best = await bestPeer(context, options);
    const ours = await startWorker('simclr.ts', options, context.python);
    try {
      const times = await duel(ours, best.peer, { ...context, steps: STEPS });
      const peerName = `LightlySSL, ${best.workers} loader workers`;
      rows.push(timeRow({ bench: 'simclr', case: name, peerName }, times));
      rows.push(await memoryRow(name, ours, best.peer, peerName));
    } finally {
      await ours.end();
      await best.peer.end();
    }
  }
  return rows;
}

/** The peer with as many loader workers as suit it best on this machine. */
async function bestPeer(context: BenchContext, options: object): Promise<{ peer: Worker; workers: number }> {
  let best: { peer: Worker; workers: number; milliseconds: number } | null = null;
  for (const workers of [0, 1, 2]) {
    const peer = await startWorker('simclr.py', { ...options, workers }, context.python);
    await peer.run(STEPS);
    const milliseconds = await peer.run(STEPS);
    context.say(
      `  LightlySSL with ${workers} loader workers: ${(milliseconds / STEPS).toFixed(0)} ms per step`,
    );
    if (!best || milliseconds < best.milliseconds) {
      await best?.peer.end();
      best = { peer, workers, milliseconds };
    } else await peer.end();
  }
  return best!;
}

async function memoryRow(name: string, ours: Worker, peer: Worker, peerName: string): Promise<BenchRow> {
  const [own, other] = [await ours.peakMiB(), await peer.peakMiB()];
  const row = { bench: 'memory' as const, case: `SimCLR, ${name}`, unit: 'MiB', peerName };
  return { ...row, ours: own, peer: other, ratio: other / own, spread: null };
}
