/** Import of a table in a text file: columns understood, rows stored, copies looked for, columns measured. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import type { ImportRequest } from '../../../src/data/index.ts';
import { serve } from '../protocol.ts';

interface Options {
  /** The bundled module that imports. */
  data: string;
  file: string;
  work: string;
}

interface Data {
  importDataset(request: ImportRequest): Promise<unknown>;
}

let options: Options;
let data: Data;

// As the program's own service begins.
setFlagsFromString('--semi-space-growth-factor=1');

await serve<Options>({
  async start(given) {
    options = given;
    data = (await import(pathToFileURL(given.data).href)) as Data;
    return {};
  },
  async run(count) {
    for (let pass = 0; pass < count; pass++)
      await data.importDataset({
        path: options.file,
        options: importSchema.parse({ path: options.file, format: 'delimited-table', labelColumn: 'label' }),
        shardFile: join(options.work, 'imported.shard'),
      });
  },
});
