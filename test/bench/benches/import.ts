/** Import of JPEG files against reading them through. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { noiseBytes } from '../cases/network.ts';
import { duel } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { earlierSources, presentSources } from '../peers/earlier.ts';
import { startWorker } from '../worker.ts';
import { BEFORE } from './copies.ts';
import { rateRow, type BenchContext } from './context.ts';

const IMAGES = 3000;
const SIDE = 96;

export async function importBench(context: BenchContext): Promise<BenchRow[]> {
  context.say(`import: making ${IMAGES} JPEG files`);
  const folder = join(context.folder, 'jpeg');
  await makeImages(folder);
  const start = (script: string, sources: string, work: string) => {
    const place = join(context.folder, work);
    mkdirSync(place, { recursive: true });
    return startWorker(script, { sources, folder, work: place }, context.python);
  };
  const ours = await start('import.ts', presentSources, 'present');
  const peers = {
    'torchvision ImageFolder, 2 loader workers, not stored': await start('import.py', '', 'peer'),
    [`this program at ${BEFORE}`]: await start('import.ts', earlierSources(context.folder, BEFORE), 'before'),
  };
  const rows: BenchRow[] = [];
  try {
    for (const [peerName, peer] of Object.entries(peers)) {
      context.say(`import: measuring beside ${peerName}`);
      const times = await duel(ours, peer, { ...context, steps: 1 });
      const name = `${IMAGES} JPEG files of ${SIDE}×${SIDE}`;
      rows.push(rateRow({ bench: 'import', case: name, unit: 'images/s', peerName }, times, IMAGES));
    }
    return rows;
  } finally {
    await ours.end();
    for (const peer of Object.values(peers)) await peer.end();
  }
}

/** Smooth pictures, each another: a few random colours enlarged. */
async function makeImages(folder: string): Promise<void> {
  const colours = noiseBytes(IMAGES * 6 * 6 * 3);
  for (let index = 0; index < IMAGES; index++) {
    const place = join(folder, `class${index % 10}`);
    if (index < 10) mkdirSync(place, { recursive: true });
    const raw = { width: 6, height: 6, channels: 3 as const };
    const picture = sharp(colours.subarray(index * 108, (index + 1) * 108), { raw });
    const jpeg = await picture.resize(SIDE, SIDE, { kernel: 'cubic' }).jpeg({ quality: 90 }).toBuffer();
    writeFileSync(join(place, `${index}.jpg`), jpeg);
  }
}
