/** Import of a large table beside pandas, which only reads it. */
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createRandom } from '../../../src/data/shards/random.ts';
import type { BenchRow } from '../document.ts';
import { duel } from '../duel.ts';
import { bundledData } from '../peers/bundled.ts';
import { startWorker } from '../worker.ts';
import { rateRow, type BenchContext } from './context.ts';
import { memoryRow } from './loader-workers.ts';

const ROWS = Number(process.env['PRETEXT_BENCH_ROWS'] ?? 200_000);
const NUMBERS = 38;
const CATEGORIES = 10;
const UNKNOWN = 0.02;

export async function tableImportRows(context: BenchContext): Promise<BenchRow[]> {
  context.say(`tables: writing ${ROWS.toLocaleString('en')} rows`);
  const file = join(context.folder, 'large.csv');
  await writeTable(file, ROWS);
  const work = join(context.folder, 'large');
  mkdirSync(work);
  const options = { file, work, data: await bundledData(context.folder) };
  const ours = await startWorker('read-table.ts', options, context.python);
  const peer = await startWorker('read-table.py', options, context.python);
  try {
    const name = `import of ${ROWS.toLocaleString('en')} rows of ${NUMBERS + CATEGORIES + 2} columns`;
    const peerName = 'pandas, read_csv, not stored';
    context.say(`tables: ${name}`);
    const times = await duel(ours, peer, { ...context, steps: 1 });
    return [
      rateRow({ bench: 'tables', case: name, unit: 'rows/s', peerName }, times, ROWS),
      { ...(await memoryRow(name, ours, peer, peerName)), bench: 'tables' },
    ];
  } finally {
    await Promise.all([ours.end(), peer.end()]);
  }
}

/** Numbers of four digits and whole ones, categories of 3 to 39 words, some unknown, yes or no, and a label. */
async function writeTable(file: string, rows: number): Promise<void> {
  const random = createRandom(14);
  const stream = createWriteStream(file);
  const numbers = Array.from({ length: NUMBERS }, (_, at) => `n${at}`);
  const categories = Array.from({ length: CATEGORIES }, (_, at) => `c${at}`);
  let text = `${[...numbers, ...categories, 'member', 'label'].join(',')}\n`;
  const unit = () => random.below(2 ** 30) / 2 ** 30;
  for (let row = 0; row < rows; row++) {
    const cells = [
      ...numbers.map((_, at) =>
        at < 30 ? (unit() + unit() + unit() - 1.5).toFixed(4) : random.below(10 ** (1 + (at % 4))),
      ),
      ...categories.map((_, at) => `word${random.below(3 + 4 * at)}`),
      random.below(2) === 0 ? 'yes' : 'no',
    ].map((cell) => (unit() < UNKNOWN ? '' : cell));
    text += `${cells.join(',')},${random.below(3) === 0 ? 'over' : 'under'}\n`;
    if (row % 1000 < 999 && row < rows - 1) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end();
  await finished(stream);
}
