// `npm run bench -- …`: this program against its Python peers, after setting up what is missing.
import { join } from 'node:path';
import { handOver } from './setup/child.mjs';
import { root } from './setup/paths.mjs';
import { runMain } from './setup/say.mjs';
import { environmentOf, prepare } from './setup/setup.mjs';

await runMain(async () => {
  const prepared = await prepare({ electron: false, bundles: false });
  const bench = join(root, 'test', 'bench', 'main.ts');
  return handOver(prepared.node, [bench, ...process.argv.slice(2)], environmentOf(prepared));
});
