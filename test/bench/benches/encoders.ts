/**
 * `encoders`: the networks of the field beside selfEEG, braindecode and tsai, for the same weights and samples, and the
 * training steps of EEGNet and of the residual network beside those of PyTorch.
 */
import { duel } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { startWorker } from '../worker.ts';
import { peerName, timeRow, type BenchContext } from './context.ts';
import { likeness } from './likeness.ts';

export interface SignalStep {
  family: 'eegnet' | 'residual';
  options: Record<string, number>;
  /** Points in time of a window. */
  length: number;
  channels: number;
  batch: number;
}

const names = { eegnet: 'EEGNet', residual: 'residual network' };
const peers = { eegnet: 'selfEEG’s EEGNet', residual: 'the same in PyTorch' };
const residual = { width: 32, features: 128 };
const armband = { length: 128, channels: 8, batch: 128 };
const cap = { length: 512, channels: 19, batch: 64 };

export const signalSteps: readonly SignalStep[] = [
  { family: 'eegnet', options: {}, ...armband },
  { family: 'eegnet', options: {}, ...cap },
  { family: 'residual', options: residual, ...armband },
  { family: 'residual', options: residual, ...cap },
];

export async function encoderBench(context: BenchContext): Promise<BenchRow[]> {
  const rows = await likeness(context, 'encoders');
  for (const step of signalSteps) rows.push(await stepRow(context, step));
  return rows;
}

async function stepRow(context: BenchContext, step: SignalStep): Promise<BenchRow> {
  const { family, channels, length, batch } = step;
  const name = `${names[family]}, ${channels} channels of ${length} points, batch ${batch}, training step`;
  context.say(`encoders: ${name}`);
  const ours = await startWorker('signal-step.ts', step, context.python);
  const peer = await startWorker('signal_step.py', step, context.python);
  try {
    const times = await duel(ours, peer, context);
    const row = { bench: 'encoders' as const, case: name };
    return timeRow({ ...row, peerName: peerName(peers[family], peer.started.layout) }, times);
  } finally {
    await ours.end();
    await peer.end();
  }
}
