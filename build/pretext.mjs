// `npm run -s pretext -- …`: the command line, after setting up what is missing.
import { join } from 'node:path';
import { handOver } from './setup/child.mjs';
import { root } from './setup/paths.mjs';
import { runMain } from './setup/say.mjs';
import { environmentOf, prepare } from './setup/setup.mjs';

await runMain(async () => {
  const prepared = await prepare({ electron: false, bundles: false });
  const cli = join(root, 'src', 'cli', 'main.ts');
  // npm runs its scripts in the checkout; paths are meant from where the person stands.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return handOver(prepared.node, [cli, ...process.argv.slice(2)], environmentOf(prepared), { cwd });
});
