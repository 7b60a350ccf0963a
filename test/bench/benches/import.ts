/** Import of JPEG files against reading them through. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { noiseBytes } from '../cases/network.ts';
import { duel } from '../duel.ts';
import type { BenchRow } from '../document.ts';
import { bundledData } from '../peers/bundled.ts';
import { earlierSources, presentSources } from '../peers/earlier.ts';
import { startWorker } from '../worker.ts';
import { BEFORE } from './copies.ts';
import { rateRow, type BenchContext } from './context.ts';

const IMAGES = 3000;
const SIDE = 96;

export async function importBench(context: BenchContext): Promise<BenchRow[]> {
  context.say(`import: making ${IMAGES} JPEG files`);
  const folder = join(context.folder, 'jpeg');
  await makeImages(folder, { images: IMAGES, side: SIDE, format: 'jpeg' });
  const start = (script: string, data: string, work: string) => {
    const place = join(context.folder, work);
    mkdirSync(place, { recursive: true });
    return startWorker(script, { data, folder, work: place }, context.python);
  };
  const sourcesOf = (sources: string) => join(sources, 'src/data/index.ts');
  // Bundled, as a person has it, beside the library; by its sources beside those of before, which are not bundled.
  const pairs = [
    {
      peerName: 'torchvision ImageFolder, 2 loader workers, not stored',
      ours: await start('import.ts', await bundledData(context.folder), 'bundled'),
      peer: await start('import.py', '', 'peer'),
    },
    {
      peerName: `this program at ${BEFORE}`,
      ours: await start('import.ts', sourcesOf(presentSources), 'present'),
      peer: await start('import.ts', sourcesOf(earlierSources(context.folder, BEFORE)), 'before'),
    },
  ];
  const rows: BenchRow[] = [];
  try {
    for (const { peerName, ours, peer } of pairs) {
      context.say(`import: measuring beside ${peerName}`);
      const times = await duel(ours, peer, { ...context, steps: 1 });
      const name = `${IMAGES} JPEG files of ${SIDE}×${SIDE}`;
      rows.push(rateRow({ bench: 'import', case: name, unit: 'images/s', peerName }, times, IMAGES));
    }
    return rows;
  } finally {
    for (const { ours, peer } of pairs) await Promise.all([ours.end(), peer.end()]);
  }
}

/** Smooth pictures, each another: a few random colours enlarged. */
export async function makeImages(
  folder: string,
  { images, side, format }: { images: number; side: number; format: 'jpeg' | 'png' },
): Promise<void> {
  const colours = noiseBytes(images * 6 * 6 * 3);
  for (let index = 0; index < images; index++) {
    const place = join(folder, `class${index % 10}`);
    if (index < 10) mkdirSync(place, { recursive: true });
    const raw = { width: 6, height: 6, channels: 3 as const };
    const picture = sharp(colours.subarray(index * 108, (index + 1) * 108), { raw });
    const large = picture.resize(side, side, { kernel: 'cubic' });
    const bytes = await (format === 'jpeg' ? large.jpeg({ quality: 90 }) : large.png()).toBuffer();
    writeFileSync(join(place, `${index}.${format === 'jpeg' ? 'jpg' : 'png'}`), bytes);
  }
}
