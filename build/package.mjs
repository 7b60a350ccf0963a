// Packages the program with electron-builder; run by build/dist.mjs under Node 24, after the bundles are made.
import { existsSync } from 'node:fs';
import { build, Platform } from 'electron-builder';
import { writeNotes } from './installers/release-notes.mjs';
import { packagingConfiguration } from './packaging.mjs';

const { PRETEXT_RUNTIME, PRETEXT_NODE, PRETEXT_ELECTRON, PRETEXT_INSTALLER_TOOLS } = process.env;
const electron = JSON.parse(PRETEXT_ELECTRON);
let parts = [];
const config = packagingConfiguration({
  runtime: PRETEXT_RUNTIME,
  node: PRETEXT_NODE,
  electron,
  installerTools: { ordinary: PRETEXT_INSTALLER_TOOLS !== 'system' },
  quick: process.argv.includes('--quick'),
  onWeighed: (weighed) => (parts = weighed),
});
const named = ['dir', 'deb', 'AppImage'].filter((name) => process.argv.includes(`--${name}`));
const targets = Platform.current().createTarget(named.length > 0 ? named : undefined);

hideLongLines(process.stdout);
const made = await build({ targets, config, publish: 'never' });
if (!named.includes('dir'))
  made.push(
    ...(await writeNotes({
      folder: config.directories.output,
      parts,
      fallbackElectron: electron.fallback,
      signed: Boolean(process.env.CSC_LINK),
    })),
  );
for (const file of made.filter(existsSync)) process.stdout.write(`${file}\n`);
process.stdout.write(`done: ${config.directories.output}\n`);

/** electron-builder lists every doubled dependency of the tree in one line of 20,000 characters. */
function hideLongLines(stream) {
  const write = stream.write.bind(stream);
  stream.write = (chunk, ...rest) => (String(chunk).length > 2000 ? true : write(chunk, ...rest));
}
