/** `readers`: recordings read beside the libraries that wrote them. The first number is the largest difference. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PretextError } from '../../../src/contract/errors.ts';
import type { BenchRow } from '../document.ts';
import { duel } from '../duel.ts';
import { prepareReaderPeers } from '../peers/setup.ts';
import { startWorker } from '../worker.ts';
import { rateRow, type BenchContext } from './context.ts';

/** Of the largest value: as much as float32 keeps. */
const MOST_DIFFERENCE = 1e-6;

const formats = [
  'EDF+',
  'BDF+',
  'BrainVision',
  'EEGLAB',
  'WFDB 16',
  'WFDB 212',
  'MATLAB 5',
  'MATLAB 5, packed',
  'MATLAB 7.3, packed',
  'NumPy',
  'NumPy, packed',
  'WAV',
  'Parquet',
  '.ts',
] as const;

export async function readerBench(context: BenchContext): Promise<BenchRow[]> {
  const python = await prepareReaderPeers();
  const rows: BenchRow[] = [];
  for (const [index, format] of formats.entries()) {
    context.say(`readers: ${format}`);
    const folder = join(context.folder, String(index));
    mkdirSync(folder);
    // The peer writes the file, and what it reads from it.
    const peer = await startWorker('readers.py', { format, folder }, python);
    const ours = await startWorker('readers.ts', { folder }, python);
    try {
      const { values = 0, difference = Infinity } = ours.started;
      if (!(difference <= MOST_DIFFERENCE))
        throw new PretextError({
          code: 'bench.readers',
          message: `${format}: values differ by ${difference} of the largest; ${MOST_DIFFERENCE} are allowed.`,
        });
      const peerName = peer.started.version ?? 'its library';
      rows.push({
        bench: 'readers',
        case: `${format}, values`,
        unit: 'largest difference, share of the largest value',
        ours: difference,
        peer: null,
        peerName,
        ratio: null,
        spread: null,
      });
      const times = await duel(ours, peer, { ...context, steps: 1 });
      rows.push(
        rateRow(
          { bench: 'readers', case: `${format}, rate`, unit: 'million values/s', peerName },
          times,
          values / 1e6,
        ),
      );
    } finally {
      await ours.end();
      await peer.end();
    }
  }
  return rows;
}
