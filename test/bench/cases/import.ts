/** Import of a folder of JPEG files: decoded, checked, measured and stored. */
import { join } from 'node:path';
import { importSchema } from '../../../src/contract/recipe.ts';
import { importDataset } from '../../../src/data/index.ts';
import { serve } from '../protocol.ts';

interface Options {
  folder: string;
  work: string;
}

let options: Options;

await serve<Options>({
  async start(given) {
    options = given;
    return {};
  },
  async run(count) {
    for (let pass = 0; pass < count; pass++)
      await importDataset({
        path: options.folder,
        options: importSchema.parse({ path: options.folder, format: 'image-folder' }),
        shardFile: join(options.work, 'imported.shard'),
      });
  },
});
