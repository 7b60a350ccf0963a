// The time that packed files carry: that of the commit, so that two builds of it are alike.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/**
 * Seconds since 1970, as `SOURCE_DATE_EPOCH` has them (reproducible-builds.org): as given, else of the last commit,
 * else of the sources as they were unpacked.
 * @returns {string}
 */
export function sourceDate(environment = process.env) {
  if (environment.SOURCE_DATE_EPOCH) return environment.SOURCE_DATE_EPOCH;
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['log', '-1', '--format=%ct'], options).trim();
  } catch {
    // No git, or an unpacked archive of the sources.
    return String(Math.floor(statSync(join(root, 'package.json')).mtimeMs / 1000));
  }
}
