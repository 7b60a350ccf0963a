// Packages the program with electron-builder; run by build/dist.mjs under Node 24, after the bundles are made.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { packagingConfiguration } from './packaging.mjs';

const { PRETEXT_RUNTIME, PRETEXT_NODE, PRETEXT_ELECTRON } = process.env;
const electron = JSON.parse(PRETEXT_ELECTRON);
const config = packagingConfiguration({ runtime: PRETEXT_RUNTIME, node: PRETEXT_NODE, electron });
const targets = Platform.current().createTarget(process.argv.includes('--dir') ? 'dir' : undefined);

const made = await build({ targets, config, publish: 'never' });
for (const file of made.filter(existsSync)) process.stdout.write(`${file}\n`);
if (process.argv.includes('--dir'))
  process.stdout.write(`${join(config.directories.output, 'the unpacked program')}\n`);
