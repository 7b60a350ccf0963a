// `npm run dist`: the installers for this platform, in dist/. `-- --dir`: the unpacked program alone; `-- --test`: goes
// a person's ways with the installers on clean machines; `-- --quick`: larger, sooner made; `-- --made`: those there.
import { join } from 'node:path';
import { whyNoCleanRoot } from './installers/clean-root.mjs';
import { installerTools } from './installers/tools.mjs';
import { sourceDate } from './installers/source-date.mjs';
import { handOver } from './setup/child.mjs';
import { packagedNode } from './setup/node.mjs';
import { root } from './setup/paths.mjs';
import { runMain, say, SetupError } from './setup/say.mjs';
import { prepare } from './setup/setup.mjs';

const REMEDY =
  'Run it as root on a Debian or Ubuntu with what is named; the installers themselves are made anywhere.';

await runMain(async () => {
  const asked = new Set(process.argv.slice(2));
  const hindrance = asked.has('--test') ? whyNoCleanRoot() : null;
  if (hindrance) throw new SetupError(`The installers cannot be tested here. ${hindrance}`, REMEDY);
  const prepared = await prepare({ electron: true, bundles: true });
  if (!asked.has('--made')) {
    const status = await makeInstallers(prepared, asked.has('--dir'));
    if (status !== 0 || !asked.has('--test')) return status;
  }
  const test = join(root, 'build', 'installers', 'test.mjs');
  const display = [
    '-a',
    '--server-args=-ac -screen 0 1600x1200x24',
    prepared.node,
    test,
    ...process.argv.slice(2),
  ];
  return handOver('xvfb-run', display, {}, { cwd: root });
});

async function makeInstallers(prepared, unpackedAlone) {
  if (prepared.electron.fallback) {
    say(
      `packaging with the fallback Electron ${prepared.electron.version}: good for testing, not for shipping`,
    );
  }
  const tools = unpackedAlone ? { environment: {}, ordinary: true } : await installerTools();
  const environment = {
    SOURCE_DATE_EPOCH: sourceDate(),
    ...tools.environment,
    PRETEXT_INSTALLER_TOOLS: tools.ordinary ? 'ordinary' : 'system',
    PRETEXT_RUNTIME: prepared.runtime,
    PRETEXT_NODE: packagedNode() ?? prepared.node,
    PRETEXT_ELECTRON: JSON.stringify(prepared.electron),
  };
  const pack = [join(root, 'build', 'package.mjs'), ...process.argv.slice(2)];
  return handOver(prepared.node, pack, environment, { cwd: root });
}
