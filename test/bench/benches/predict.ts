/** Answers for a folder of pictures: `pretext predict` beside the exported network in PyTorch, from the same files. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PretextError } from '../../../src/contract/errors.ts';
import type { BenchRow } from '../document.ts';
import { duel } from '../duel.ts';
import { commandOf, startWorker, workerEnvironment } from '../worker.ts';
import { rateRow, type BenchContext } from './context.ts';
import { makeImages } from './import.ts';
import { bestPeer, memoryRow } from './loader-workers.ts';

const IMAGES = 3000;
const SIDE = 96;
const WIDTH = 16;

export async function predictBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const format of ['jpeg', 'png'] as const) {
    context.say(`predict: making ${IMAGES} ${format.toUpperCase()} files and a model`);
    const folder = join(context.folder, format);
    const pictures = join(folder, 'pictures');
    await makeImages(pictures, { images: IMAGES, side: SIDE, format });
    await makeModel(folder, context.python);
    mkdirSync(join(folder, 'work'));
    const options = { pictures, work: join(folder, 'work') };
    const ours = await startWorker('predict.ts', { ...options, model: join(folder, 'kept') }, context.python);
    const exported = { ...options, exported: join(folder, 'exported') };
    const { peer, peerName } = await bestPeer(
      context,
      { script: 'predict.py', name: 'PyTorch, model.py' },
      exported,
      1,
    );
    try {
      const times = await duel(ours, peer, { ...context, steps: 1 });
      requireSameAnswers(options.work);
      const name = `${IMAGES} ${format.toUpperCase()} files of ${SIDE}×${SIDE}, residual, width ${WIDTH}`;
      rows.push(rateRow({ bench: 'predict', case: name, unit: 'images/s', peerName }, times, IMAGES), {
        ...(await memoryRow(name, ours, peer, peerName)),
        bench: 'predict',
      });
    } finally {
      await Promise.all([ours.end(), peer.end()]);
    }
  }
  return rows;
}

async function makeModel(folder: string, python: string): Promise<void> {
  const { program, file } = commandOf('keep-model.ts', python);
  await promisify(execFile)(program, [file, folder, String(SIDE), String(WIDTH)], {
    env: workerEnvironment('keep-model.ts'),
  });
}

/** The same network from the same files answers the same, or one of both does something else. */
function requireSameAnswers(work: string): void {
  const labels = (file: string) =>
    new Map(
      readFileSync(join(work, file), 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(',').slice(0, 2) as [string, string]),
    );
  const [ours, theirs] = [labels('answers.csv'), labels('answers-torch.csv')];
  const same = [...ours].filter(([source, label]) => theirs.get(source) === label).length;
  // Decoders of JPEG round a little differently, which turns the closest of answers.
  if (ours.size === IMAGES && same >= 0.97 * IMAGES) return;
  throw new PretextError({
    code: 'bench.predict',
    message: `Of ${IMAGES} pictures ${ours.size} were answered, ${same} of them as PyTorch answers.`,
  });
}
