/** The program's data room bundled as a person has it: its threads start sooner than from the sources. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForNode } from '../../../build/bundle.mjs';
import { presentSources } from './earlier.ts';

/** Writes the bundle, and returns the module that imports datasets. */
export async function bundledData(folder: string): Promise<string> {
  const out = join(folder, 'bundled');
  mkdirSync(out);
  // Native packages are not bundled.
  symlinkSync(join(presentSources, 'node_modules'), join(out, 'node_modules'), 'junction');
  const source = (path: string) => join(presentSources, 'src/data', path);
  const entries = {
    data: source('index.ts'),
    images: source('images/worker.ts'),
    copies: source('copies/worker.ts'),
  };
  await bundleForNode(out, entries, 'node24', {
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'part-[name]-[hash].mjs',
  });
  return join(out, 'data.mjs');
}
