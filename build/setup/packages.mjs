// The npm packages: there, and of the versions in the lock file.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needSpace, root } from './paths.mjs';
import { downloadError, run } from './run.mjs';
import { SetupError, step } from './say.mjs';

const NEEDED_BYTES = 1.5e9;

/** Installs the packages when they are missing or not those of the lock file. */
export async function ensurePackages(folder = root) {
  const wrong = findWrongPackage(folder);
  if (!wrong) return;
  needSpace(folder, NEEDED_BYTES, 'the npm packages');
  await step(`Installing the npm packages (${wrong})`, () => install(folder));
  const still = findWrongPackage(folder);
  if (still)
    throw new SetupError(`npm ended, but ${still}.`, 'Delete node_modules and run the same command again.');
}

/**
 * Compares the lock file with what npm noted of its last whole installation.
 * @returns {string | null} what is wrong, in words
 */
export function findWrongPackage(folder) {
  const noted = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return 'there are none yet';
  const installed = JSON.parse(readFileSync(noted, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    // Optional packages are for other platforms as well; the root and links are no packages.
    if (path === '' || entry.optional || entry.devOptional || entry.link) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (!installed[path]) return `${name} is missing`;
    if (installed[path].version !== entry.version) {
      return `${name} is ${installed[path].version} instead of ${entry.version}`;
    }
  }
  return null;
}

async function install(folder) {
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start`, npm names its own script; it may be no program of the PATH.
  const script = process.env.npm_execpath;
  const result =
    script && /\.c?js$/.test(script) && existsSync(script)
      ? await run(process.execPath, [script, ...args], { cwd: folder })
      : await run('npm', args, { cwd: folder, shell: process.platform === 'win32' });
  if (result.code !== 0) throw downloadError('The npm packages', result.output);
}
