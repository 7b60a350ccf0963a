/** What both benches of pretraining share: the peer with the loader workers that suit it, and the memory of both sides. */
import type { BenchRow } from '../document.ts';
import { benchClock } from '../clock.ts';
import { startWorker, type Worker } from '../worker.ts';
import type { BenchContext } from './context.ts';

export interface Peer {
  /** Script of cases/. */
  script: string;
  name: string;
}

/** How many may suit: none, for which the training process loads itself, and so on. */
const loaders = ['no loader workers', 'one loader worker', 'two loader workers'];

/** The peer with as many loader workers as suit it best on this machine. */
export async function bestPeer(
  context: BenchContext,
  { script, name }: Peer,
  options: object,
  steps: number,
  start: typeof startWorker = startWorker,
): Promise<{ peer: Worker; peerName: string }> {
  let best: { peer: Worker; workers: number; milliseconds: number } | null = null;
  // The processor time of loader workers is not that of the process which is asked.
  const counts = benchClock() === 'processor' ? [0] : [...loaders.keys()];
  for (const workers of counts) {
    const peer = await start(script, { ...options, workers }, context.python);
    await peer.run(steps);
    const milliseconds = await peer.run(steps);
    context.say(`  ${name}, ${loaders[workers]}: ${(milliseconds / steps).toFixed(0)} ms per step`);
    if (!best || milliseconds < best.milliseconds) {
      await best?.peer.end();
      best = { peer, workers, milliseconds };
    } else await peer.end();
  }
  return { peer: best!.peer, peerName: `${name}, ${loaders[best!.workers]}` };
}

/** Peak memory of both sides so far. */
export async function memoryRow(
  name: string,
  ours: Worker,
  peer: Worker,
  peerName: string,
): Promise<BenchRow> {
  const [own, other] = [await ours.peakMiB(), await peer.peakMiB()];
  const row = { bench: 'memory' as const, case: name, unit: 'MiB', peerName };
  return { ...row, ours: own, peer: other, ratio: other / own, spread: null };
}
