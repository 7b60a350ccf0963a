/** SimCLR on windows of signals, from the stored windows to updated weights, beside selfEEG. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noiseBytes } from '../cases/network.ts';
import { duel } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { startWorker } from '../worker.ts';
import { timeRow, type BenchContext } from './context.ts';
import { bestPeer, memoryRow } from './loader-workers.ts';

const STEPS = 10;
const peer = { script: 'signals.py', name: 'selfEEG' };

export interface SignalSetting {
  width: number;
  batch: number;
  /** Points in time of a window. */
  length: number;
  channels: number;
  /** Stored windows. */
  count: number;
  /** selfEEG draws one view for all windows of a batch, as it does by default; ours is each window's own. */
  alike: boolean;
}

const armband = { length: 128, channels: 8, count: 10_000 };
const cap = { length: 512, channels: 19, count: 3000 };
export const signalSettings: readonly SignalSetting[] = [
  { ...armband, width: 32, batch: 128, alike: false },
  { ...armband, width: 32, batch: 128, alike: true },
  { ...armband, width: 32, batch: 256, alike: true },
  { ...cap, width: 32, batch: 128, alike: false },
  { ...cap, width: 32, batch: 128, alike: true },
];

/** Rows of `signals`, and of `memory` from the same runs. */
export async function signalBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const setting of signalSettings) {
    const name = caseOf(setting);
    context.say(`signals: ${name}`);
    const options = { ...setting, windows: storedWindows(context.folder, setting) };
    const best = await bestPeer(context, peer, options, STEPS);
    const ours = await startWorker('signals.ts', options, context.python);
    try {
      const times = await duel(ours, best.peer, { ...context, steps: STEPS });
      const { peerName } = best;
      rows.push(timeRow({ bench: 'signals', case: name, peerName }, times));
      rows.push(await memoryRow(`SimCLR, ${name}`, ours, best.peer, peerName));
    } finally {
      await ours.end();
      await best.peer.end();
    }
  }
  return rows;
}

/** "8 channels of 128 points, width 32, batch 128, selfEEG's views alike in a batch" */
export function caseOf({ channels, length, width, batch, alike }: SignalSetting): string {
  const views = alike ? 'alike in a batch' : 'one a window';
  return `${channels} channels of ${length} points, width ${width}, batch ${batch}, selfEEG’s views ${views}`;
}

/** The stored windows, the same file for both sides: numbers from −1.7 to 1.7, whose deviation is about 1. */
function storedWindows(folder: string, { length, channels, count }: SignalSetting): string {
  const file = join(folder, `windows-${channels}-${length}.bin`);
  const values = Float32Array.from(noiseBytes(count * length * channels), (byte) => (byte - 127.5) / 73.9);
  writeFileSync(file, values);
  return file;
}
