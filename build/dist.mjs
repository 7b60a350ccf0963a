// `npm run dist`: the installers for this platform, in dist/; `npm run dist -- --dir`: the unpacked program.
import { join } from 'node:path';
import { handOver } from './setup/child.mjs';
import { packagedNode } from './setup/node.mjs';
import { root } from './setup/paths.mjs';
import { runMain, say } from './setup/say.mjs';
import { prepare } from './setup/setup.mjs';

await runMain(async () => {
  const prepared = await prepare({ electron: true, bundles: true });
  if (prepared.electron.fallback) {
    say(
      `packaging with the fallback Electron ${prepared.electron.version}: good for testing, not for shipping`,
    );
  }
  const environment = {
    PRETEXT_RUNTIME: prepared.runtime,
    PRETEXT_NODE: packagedNode() ?? prepared.node,
    PRETEXT_ELECTRON: JSON.stringify(prepared.electron),
  };
  return handOver(
    prepared.node,
    [join(root, 'build', 'package.mjs'), ...process.argv.slice(2)],
    environment,
    {
      cwd: root,
    },
  );
});
