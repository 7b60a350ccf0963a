/** Studies of very many runs on other machines: what packing and bringing back cost for each job, whatever their number. */
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { BenchRow } from '../document.ts';
import type { BenchContext } from './context.ts';

const part = z.object({ seconds: z.number(), peakMiB: z.number() });
const foundSchema = z.object({ pack: part, run: part, merge: part, again: part });
const PARTS = {
  pack: 'packing',
  run: 'a stand-in that writes results',
  merge: 'bringing back',
  again: 'looking again, when all is back',
} as const;

const JOBS = [1_000, 10_000, 100_000];

export async function jobBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const jobs of JOBS) {
    const of = `${jobs.toLocaleString('en')} jobs`;
    context.say(`jobs: ${of}`);
    const found = await measure(join(context.folder, `jobs-${jobs}`), jobs);
    for (const [name, title] of Object.entries(PARTS)) {
      const { seconds } = found[name as keyof typeof PARTS];
      rows.push(row(`${title}, each of ${of}`, 'ms', (seconds * 1000) / jobs));
    }
    rows.push(row(`peak memory, ${of}`, 'MiB', found.again.peakMiB));
  }
  return rows;
}

const row = (name: string, unit: string, ours: number): BenchRow => ({
  bench: 'jobs',
  case: name,
  unit,
  ours: Math.round(ours * 100) / 100,
  peer: null,
  peerName: null,
  ratio: null,
  spread: null,
});

async function measure(folder: string, jobs: number): Promise<z.infer<typeof foundSchema>> {
  const file = fileURLToPath(new URL('../cases/many-jobs.ts', import.meta.url));
  mkdirSync(folder, { recursive: true });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file, folder, String(jobs)]);
    return foundSchema.parse(JSON.parse(stdout));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
