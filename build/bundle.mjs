// Bundles the program into out/: the window, Electron's main and preload, and the Node processes.
// Run by Node 24, which Vite needs.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import { sourcesDigest } from './setup/sources.mjs';
import { root } from './setup/paths.mjs';

/** Native packages, and those that load parts of themselves by file name; all others are bundled. */
export const EXTERNAL_PACKAGES = ['@tensorflow', 'better-sqlite3', 'pino', 'sharp'];

const external = (id) =>
  id === 'electron' ||
  id.startsWith('node:') ||
  EXTERNAL_PACKAGES.some((name) => id === name || id.startsWith(`${name}/`));

const NODE_ENTRIES = {
  service: 'src/service/main.ts',
  trainer: 'src/trainer/main.ts',
  'try-tensorflow': 'src/trainer/try-tensorflow.ts',
  cli: 'src/cli/main.ts',
  copies: 'src/data/copies/worker.ts',
  images: 'src/data/images/worker.ts',
};

const common = { configFile: false, root, logLevel: 'warn' };

/** The page, for the oldest Chromium it runs in: that of the fallback Electron. */
function bundleRenderer(out) {
  return build({
    ...common,
    root: join(root, 'renderer'),
    base: './',
    plugins: [svelte({ configFile: false })],
    build: {
      outDir: join(out, 'renderer'),
      emptyOutDir: true,
      target: 'chrome108',
      sourcemap: false,
      chunkSizeWarningLimit: 2000,
    },
  });
}

/** A script that Electron loads by `require`, in one file. */
function bundleElectron(out, name) {
  return bundleForNode(out, { [name]: join(root, 'electron', `${name}.ts`) }, 'node16', {
    format: 'cjs',
    entryFileNames: '[name].cjs',
    codeSplitting: false,
  });
}

/**
 * Bundles entries for Node.
 * @param {string} out folder to write to
 * @param {Record<string, string>} entries name of the bundle to its source
 */
export function bundleForNode(out, entries, target, output) {
  return build({
    ...common,
    ssr: { noExternal: true, external: EXTERNAL_PACKAGES },
    build: {
      ssr: true,
      outDir: out,
      emptyOutDir: false,
      copyPublicDir: false,
      target,
      minify: false,
      sourcemap: false,
      rolldownOptions: { input: entries, external, output },
    },
  });
}

/** The processes, side by side in one folder: they find one another and the migrations there. */
async function bundleProcesses(out) {
  const entries = Object.fromEntries(
    Object.entries(NODE_ENTRIES).map(([name, path]) => [name, join(root, path)]),
  );
  await bundleForNode(out, entries, 'node24', {
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'part-[name]-[hash].mjs',
  });
  cpSync(join(root, 'src', 'project', 'migrations'), join(out, 'migrations'), { recursive: true });
}

async function bundleAll() {
  const out = join(root, 'out');
  const work = join(root, `.out-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    await bundleRenderer(work);
    await bundleElectron(work, 'main');
    await bundleElectron(work, 'preload');
    await bundleProcesses(work);
    writeFileSync(join(work, 'bundle.json'), JSON.stringify({ sources: sourcesDigest() }));
    rmSync(out, { recursive: true, force: true });
    renameSync(work, out);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (import.meta.filename === process.argv[1]) {
  process.env.NODE_ENV = 'production';
  await bundleAll();
}
