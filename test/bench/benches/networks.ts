/** Benches of networks alone: the training step, and embedding. */
import { duel, type DuelTimes } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { startWorker } from '../worker.ts';
import { peerName, rateRow, timeRow, type BenchContext } from './context.ts';

const widths = [16, 32, 64];
const batches = [128, 256];

/** One training step of a residual network on images of 32×32×3. */
export async function stepBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const width of widths)
    for (const batch of batches) {
      const name = `width ${width}, batch ${batch}`;
      const { times, layout } = await networkDuel(context, 'step', { width, batch }, name);
      rows.push(timeRow({ bench: 'step', case: name, peerName: peerName('PyTorch', layout) }, times));
    }
  return rows;
}

/** The same step with products of 16 bits on both sides. */
export async function mixedBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const batch = 128;
  for (const width of [16, 64]) {
    const name = `width ${width}, batch ${batch}`;
    const { times, layout } = await networkDuel(context, 'step', { width, batch, mixed: true }, name);
    const peer = peerName('PyTorch, autocast to 16 bits', layout);
    rows.push(timeRow({ bench: 'mixed', case: name, peerName: peer }, times));
  }
  return rows;
}

/** Bytes in, features out, by the moving statistics. */
export async function inferenceBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const batch = 256;
  for (const width of [16, 64]) {
    const name = `width ${width}, batch ${batch}`;
    const { times, layout } = await networkDuel(context, 'inference', { width, batch }, name);
    const row = {
      bench: 'inference' as const,
      case: name,
      unit: 'images/s',
      peerName: peerName('PyTorch', layout),
    };
    rows.push(rateRow(row, times, batch));
  }
  return rows;
}

async function networkDuel(
  context: BenchContext,
  script: string,
  options: object,
  name: string,
): Promise<{ times: DuelTimes; layout: string | undefined }> {
  context.say(`${script}: ${name}`);
  const ours = await startWorker(`${script}.ts`, options, context.python);
  const peer = await startWorker(`${script}.py`, options, context.python);
  try {
    return { times: await duel(ours, peer, context), layout: peer.started.layout };
  } finally {
    await ours.end();
    await peer.end();
  }
}
