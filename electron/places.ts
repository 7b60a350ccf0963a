/** Where the program's parts lie, in the checkout and in the packaged program. */
import { app } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HostEntry } from '../src/contract/messages/host.ts';

export interface Places {
  page: string;
  preload: string;
  /** The sample studies that ship with the program, or those of `PRETEXT_SAMPLES`. */
  samples: string;
  /** What others' work is in the program, and on what terms. */
  notices: string;
  /** The folder of the packaged program's resources. */
  resources: string;
  /** The native TensorFlow library; undefined where set-up left it to the cache. */
  runtime: string | undefined;
  /** The Node binary for machines whose Electron is too old to run the processes itself. */
  node: string;
  entry(name: HostEntry): string;
}

export function findPlaces(): Places {
  const packaged = app.isPackaged;
  const bundles = app.getAppPath();
  // Processes are started from real files: native modules and plain Node cannot read the archive.
  const files = packaged ? `${bundles}.unpacked` : bundles;
  const resource = (name: string) => join(process.resourcesPath, name);
  const node = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    page: join(bundles, 'out', 'renderer', 'index.html'),
    preload: join(bundles, 'out', 'preload.cjs'),
    samples: process.env['PRETEXT_SAMPLES'] ?? (packaged ? resource('samples') : join(bundles, 'samples')),
    notices: packaged ? resource('THIRD-PARTY-NOTICES.md') : join(bundles, 'THIRD-PARTY-NOTICES.md'),
    resources: process.resourcesPath,
    runtime: packaged ? existing(resource('runtime')) : process.env['PRETEXT_RUNTIME'],
    node: packaged ? resource(join('bin', node)) : (process.env['PRETEXT_NODE'] ?? process.execPath),
    entry: (name) => join(files, 'out', `${name}.mjs`),
  };
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}
