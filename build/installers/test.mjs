// `npm run dist -- --test`: makes the installers, then goes the ways of a person with them on clean machines.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEBIAN_LIBRARIES } from '../packaging.mjs';
import { root } from '../setup/paths.mjs';
import { SetupError } from '../setup/say.mjs';
import { ensureBase } from './clean-root.mjs';
import { walkAppImage } from './journeys/appimage.mjs';
import { walkDeb } from './journeys/deb.mjs';
import { renderRows } from './journeys/rows.mjs';

const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
const base = await ensureBase();
const rows = [];
if (only !== 'AppImage') rows.push(...(await walkDeb({ base, deb: installer(/\.deb$/) })));
if (only !== 'deb')
  rows.push(...(await walkAppImage({ base, image: installer(/\.AppImage$/), libraries: DEBIAN_LIBRARIES })));
await new Promise((resolve) => process.stdout.write(renderRows(rows), resolve));
// Pipes of programs that were started in a machine stay open when it is gone: nothing would end this process by itself.
process.exit(rows.every(({ state }) => state === 'passed') ? 0 : 1);

function installer(pattern) {
  const name = readdirSync(join(root, 'dist')).find((file) => pattern.test(file));
  if (name) return join(root, 'dist', name);
  throw new SetupError(`dist/ holds no ${pattern.source}.`, 'Run: npm run dist');
}
