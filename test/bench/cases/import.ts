/** Import of a folder of JPEG files: decoded, checked, measured and stored. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import type { ImportRequest } from '../../../src/data/index.ts';
import { serve } from '../protocol.ts';

interface Options {
  /** The module that imports: of the bundle, of the present sources or of earlier ones. */
  data: string;
  folder: string;
  work: string;
}

interface Data {
  importDataset(request: ImportRequest): Promise<unknown>;
}

let options: Options;
let data: Data;

await serve<Options>({
  async start(given) {
    options = given;
    data = (await import(pathToFileURL(given.data).href)) as Data;
    return {};
  },
  async run(count) {
    for (let pass = 0; pass < count; pass++)
      await data.importDataset({
        path: options.folder,
        options: importSchema.parse({ path: options.folder, format: 'image-folder' }),
        shardFile: join(options.work, 'imported.shard'),
      });
  },
});
