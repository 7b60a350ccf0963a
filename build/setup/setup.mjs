// Everything a checkout needs before it can run, in order. Quick when all of it is there.
import { join } from 'node:path';
import { ensureElectron, installedElectron } from './electron.mjs';
import { findNode } from './node.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';
import { say, SetupError } from './say.mjs';
import { bundlesAreCurrent } from './sources.mjs';
import { ensureTensorFlow } from './tensorflow.mjs';

/**
 * @typedef {{ node: string, runtime: string, electron: import('./electron.mjs').Electron | null }} Prepared
 * @param {{ electron: boolean, bundles: boolean }} wanted
 * @returns {Promise<Prepared>}
 */
export async function prepare(wanted) {
  await ensurePackages();
  const node = findNode();
  const runtime = await ensureTensorFlow();
  const electron = wanted.electron ? await ensureElectron({ node }) : null;
  if (wanted.bundles) await ensureBundles(node);
  return { node, runtime, electron };
}

/** Bundles the program anew when its sources have changed. */
export async function ensureBundles(node) {
  if (bundlesAreCurrent()) return;
  say('bundling the program');
  const result = await run(node, [join(root, 'build', 'bundle.mjs')], { quiet: true });
  if (result.code === 0) return;
  throw new SetupError(
    `The program could not be bundled.\n${result.output.trim().slice(-3000)}`,
    'Correct the source that is named, and run the same command again.',
  );
}

/** What the program's processes learn from their environment. */
export function environmentOf(prepared) {
  const electron = installedElectron();
  return {
    PRETEXT_NODE: prepared.node,
    PRETEXT_RUNTIME: prepared.runtime,
    ...(electron ? { PRETEXT_ELECTRON_VERSION: electron } : {}),
  };
}

/**
 * A display to open a window on; Windows and macOS always have one.
 * @param {Record<string, string | undefined>} environment
 * @param {string} platform
 */
export function hasDisplay(environment = process.env, platform = process.platform) {
  if (platform !== 'linux') return true;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}
