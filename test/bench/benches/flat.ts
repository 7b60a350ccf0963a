/** Memory that grows neither with the number of steps nor with the number of samples. */
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { BenchRow } from '../document.ts';
import type { BenchContext } from './context.ts';

const grownSchema = z.object({ settledMiB: z.number(), growthMiB: z.number() });
const peakSchema = z.object({ peakMiB: z.number(), settledMiB: z.number() });

const SAMPLES = [10_000, 1_000_000];

/** 2,000 steps; and the same run over 10,000 and over 1,000,000 samples. */
export async function flatBench(context: BenchContext): Promise<BenchRow[]> {
  context.say('flat: 2,000 steps after 1,000');
  const steps = grownSchema.parse(await measure('long-run.ts', ['2000']));
  const rows = [
    row('resident memory before 2,000 steps', steps.settledMiB),
    row('growth over 2,000 steps', steps.growthMiB),
  ];
  for (const samples of SAMPLES) {
    context.say(`flat: ${samples.toLocaleString('en')} samples`);
    const found = peakSchema.parse(await measure('many-samples.ts', [context.folder, String(samples)]));
    rows.push(row(`resident memory over ${samples.toLocaleString('en')} samples`, found.settledMiB));
  }
  return rows;
}

const row = (name: string, ours: number): BenchRow => ({
  bench: 'flat',
  case: name,
  unit: 'MiB',
  ours: Math.round(ours * 10) / 10,
  peer: null,
  peerName: null,
  ratio: null,
  spread: null,
});

async function measure(script: string, args: string[]): Promise<unknown> {
  const file = fileURLToPath(new URL(`../cases/${script}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
  return JSON.parse(stdout);
}
