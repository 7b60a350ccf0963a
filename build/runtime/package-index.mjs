// The package index that pip asks where nobody has set it to another. It is the ordinary source of the GPU pack's
// wheels; the installer brings its address along, as the machine that it goes to may have no pip.
import { execFileSync } from 'node:child_process';
import { devNull } from 'node:os';
import { findPython } from '../setup/fetch.mjs';
import { say, SetupError } from '../setup/say.mjs';

/** The file of a packaged runtime that names it; read by src/machine/gpu-pack/pack.ts. */
export const PACKAGE_INDEX = 'package-index.txt';

/** As pip's help names it, whatever this machine's own pip is set to; null where there is no pip, or it does not. */
export function defaultPackageIndex(find = findPython) {
  const python = pythonOrNull(find);
  if (python === null) return null;
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PIP_'));
  const help = execFileSync(python, ['-m', 'pip', 'download', '--isolated', '--help'], {
    encoding: 'utf8',
    env: { ...Object.fromEntries(own), PIP_CONFIG_FILE: devNull, COLUMNS: '200' },
  });
  return indexIn(help);
}

/** TensorFlow's archives need no Python: then there may be none, and whoever wants the GPU pack is asked for an address. */
function pythonOrNull(find) {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say('no pip here: the installed program will ask where the GPU pack comes from');
    return null;
  }
}

/** @param {string} help what `pip download --help` prints */
export function indexIn(help) {
  const option = /--index-url <url>([\s\S]*?)\n\s*-/.exec(help)?.[1] ?? '';
  return /\(default\s+(https:\/\/[^\s)]+)\)/.exec(option)?.[1] ?? null;
}
