// Writes THIRD-PARTY-NOTICES.md: what the packaged program contains of others, and on what terms.
// `node build/notices.mjs` writes it; `--check` says by its status whether it is up to date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/paths.mjs';

const FILE = join(root, 'THIRD-PARTY-NOTICES.md');
/** Development packages whose code is bundled into the window. */
const BUNDLED = [
  'svelte',
  'bits-ui',
  '@internationalized/date',
  '@lucide/svelte',
  '@observablehq/plot',
  'virtua',
];

const NATIVE = `## Programs and native libraries

- **Electron** (MIT, © Electron contributors, © GitHub Inc.), with **Chromium** and **Node.js** in it: their licences come with the packaged program as \`LICENSE.electron.txt\` and \`LICENSES.chromium.html\`.
- **Node.js** (MIT, © Node.js contributors; it contains parts under other permissive licences, listed at https://github.com/nodejs/node/blob/main/LICENSE), as the binary that runs the command line.
- **TensorFlow** (Apache License 2.0, © The TensorFlow Authors), as \`libtensorflow\`, without the names of symbols that only debuggers and other programs ask for; it contains, among others, Eigen (MPL 2.0), oneDNN (Apache 2.0), Abseil (Apache 2.0), Protocol Buffers (BSD-3-Clause) and XLA (Apache 2.0). The Apache License is at https://www.apache.org/licenses/LICENSE-2.0.
- **libvips** (LGPL-3.0-or-later) and the libraries it links, as prebuilt shared libraries of sharp, unchanged and replaceable: see https://github.com/lovell/sharp-libvips for their sources and licences.
- **SQLite** (public domain), inside better-sqlite3.
- The data of the sample studies comes with its own licences, beside it in \`samples/data\`.
`;

/** Paths in the lock file of everything that is reached from the given packages. */
function reach(lock, names) {
  const seen = new Set();
  const queue = names.map((name) => locate(lock, '', name));
  while (queue.length > 0) {
    const path = queue.pop();
    if (!path || seen.has(path)) continue;
    seen.add(path);
    const { dependencies = {}, optionalDependencies = {} } = lock[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      queue.push(locate(lock, path, name));
    }
  }
  return [...seen];
}

/** Node's way of finding a package: nearest node_modules first. */
function locate(lock, from, name) {
  for (let base = from; ;) {
    const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (lock[path]) return path;
    if (base === '') return null;
    const cut = base.lastIndexOf('/node_modules/');
    base = cut === -1 ? '' : base.slice(0, cut);
  }
}

function describePackage(lock, path) {
  const { version, license = 'unknown', os, optional } = lock[path];
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  // Packages for one platform are not on every machine; their licence is named, its text is their main package's.
  const text = os || optional ? null : licenceText(join(root, path));
  return { title: `${name} ${version}`, license, text };
}

function licenceText(folder) {
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(name));
  const texts = files
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  return texts.length > 0 ? texts.join('\n\n') : null;
}

function shippedPaths(lock) {
  return reach(lock, [...Object.keys(lock[''].dependencies), ...BUNDLED]);
}

const readLock = () => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

/**
 * The npm packages in the packaged program, for this platform: unpacked beside it, or bundled into it.
 * @returns {{ name: string, version: string, license: string, path: string }[]}
 */
export function shippedPackages({ platform, arch } = process) {
  const lock = readLock();
  return shippedPaths(lock)
    .filter(
      (path) => (lock[path].os ?? [platform]).includes(platform) && (lock[path].cpu ?? [arch]).includes(arch),
    )
    .map((path) => {
      const { version, license = 'unknown' } = lock[path];
      return {
        name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
        version,
        license,
        path,
      };
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

function renderNotices() {
  const lock = readLock();
  const packages = shippedPaths(lock).map((path) => describePackage(lock, path));
  packages.sort((one, other) => (one.title < other.title ? -1 : 1));
  return [
    '# Third-party notices\n\nPretext Studio is built from the work of many. Written by `node build/notices.mjs`.\n',
    NATIVE,
    '## npm packages\n',
    listPackages(packages),
    '\n## Their licences\n',
    listTexts(packages),
  ].join('\n');
}

function listPackages(packages) {
  const titles = new Set();
  const lines = [];
  for (const { title, license } of packages) {
    if (titles.has(title)) continue;
    titles.add(title);
    lines.push(`- ${title}: ${license}`);
  }
  return lines.join('\n');
}

/** Each text once, under all the packages that have it. */
function listTexts(packages) {
  const byText = new Map();
  for (const { title, text } of packages) {
    if (text === null) continue;
    const titles = byText.get(text) ?? [];
    byText.set(text, titles.includes(title) ? titles : [...titles, title]);
  }
  return [...byText]
    .map(([text, titles]) => `### ${titles.join(', ')}\n\n\`\`\`text\n${text}\n\`\`\`\n`)
    .join('\n');
}

if (import.meta.filename === process.argv[1]) {
  const wanted = renderNotices();
  if (!process.argv.includes('--check')) writeFileSync(FILE, wanted);
  else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== wanted) {
    process.stderr.write('THIRD-PARTY-NOTICES.md is not up to date. Run: node build/notices.mjs\n');
    process.exitCode = 1;
  }
}
