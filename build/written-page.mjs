// A page of the documentation that is written from the sources: by its own script, which with `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './setup/paths.mjs';

/**
 * Does nothing where the script was imported and not started.
 * @param {string} script its `import.meta.url`
 * @param {string} file
 * @param {() => string} makePage
 */
export function writePageWhenRun(script, file, makePage) {
  if (process.argv[1] !== fileURLToPath(script)) return;
  const page = makePage();
  if (!process.argv.includes('--check')) writeFileSync(file, page);
  else if (readFileSync(file, 'utf8') !== page) {
    const [from, by] = [file, fileURLToPath(script)].map((path) => relative(root, path));
    process.stderr.write(`${from} is not what the sources say: run node ${by}\n`);
    process.exitCode = 1;
  }
}
