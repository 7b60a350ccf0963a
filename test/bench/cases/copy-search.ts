/** The search for copies among stored images, by the present sources or earlier ones. */
import { writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { CopySource } from '../../../src/data/copies/search.ts';
import { serve } from '../protocol.ts';

interface Options {
  sources: string;
  work: string;
  images: number;
}

interface Data {
  groupCopies(source: CopySource): Promise<Int32Array>;
}

const SIDE = 28;
const FILE = new URL('../data/fashion-mnist/t10k-images-idx3-ubyte.gz', import.meta.url);

let data: Data;
let source: CopySource;

await serve<Options>({
  async start({ sources, work, images }) {
    data = (await import(pathToFileURL(join(sources, 'src/data/index.ts')).href)) as Data;
    const shardFile = join(work, 'images.shard');
    const size = SIDE * SIDE;
    await writeFile(shardFile, gunzipSync(await readFile(FILE)).subarray(16, 16 + images * size));
    const offsets = Float64Array.from({ length: images }, (_, at) => at * size);
    source = { modality: 'image', dtype: 'uint8', shape: [SIDE, SIDE, 1], shardFile, offsets };
    return {};
  },
  async run(count) {
    for (let pass = 0; pass < count; pass++) await data.groupCopies(source);
  },
});
