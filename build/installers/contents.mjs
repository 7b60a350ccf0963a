// What is in the packaged program, part by part: weighed, checked against what is known, and written down as a
// software bill of materials (CycloneDX 1.6).
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPackages } from '../notices.mjs';
import { root } from '../setup/paths.mjs';
import { SetupError } from '../setup/say.mjs';

/** Parts of the program by the paths of their files, first match first. A file that none takes is a fault. */
export const PARTS = [
  { id: 'tensorflow', title: 'TensorFlow', files: /^resources\/runtime\//, licence: 'Apache-2.0' },
  {
    id: 'node',
    title: 'Node.js for the command line',
    files: /^resources\/bin\/node(\.exe)?$/,
    licence: 'MIT',
  },
  {
    id: 'packages',
    title: 'npm packages that are not bundled',
    files: /^resources\/app\.asar\.unpacked\/node_modules\//,
    licence: null,
  },
  { id: 'samples', title: 'Sample studies', files: /^resources\/samples\//, licence: 'CC-BY-4.0' },
  {
    id: 'program',
    title: 'Pretext Studio itself, and what is bundled',
    files: /^resources\//,
    licence: 'MIT',
  },
  { id: 'electron', title: 'Electron with Chromium', files: /^[^/]+$|^locales\//, licence: 'MIT' },
];

/** Paths of all files below a folder, with forward slashes, sorted. */
export function listFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => lstatSync(join(folder, path)).isFile())
    .sort();
}

/** @returns {{ id: string, title: string, bytes: number, files: number }[]} */
export function weigh(folder) {
  const weighed = PARTS.map(({ id, title }) => ({ id, title, bytes: 0, files: 0 }));
  for (const path of listFiles(folder)) {
    const at = PARTS.findIndex(({ files }) => files.test(path));
    if (at < 0)
      throw new SetupError(
        `${path} belongs to no part of the program.`,
        'Name its part in build/installers/contents.mjs, or leave it out in build/packaging.mjs.',
      );
    weighed[at].bytes += statSync(join(folder, path)).size;
    weighed[at].files += 1;
  }
  return weighed;
}

/** Names that Windows reserves for devices, whatever follows their first dot. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
/** 260 in all, less `C:\Users\` + 20 + `\AppData\Local\Programs\pretext-studio\`. */
const LONGEST_PATH = 190;

/** Why Windows would refuse a path, or null. */
export function whyRefusedByWindows(path) {
  if (path.length > LONGEST_PATH) return `longer than ${LONGEST_PATH} characters`;
  for (const name of path.split('/')) {
    if (/[<>:"|?*\\]/.test(name) || [...name].some((sign) => sign < ' ')) return `a sign in "${name}"`;
    if (/[. ]$/.test(name)) return `"${name}" ends with a dot or a space`;
    if (DEVICES.test(name)) return `"${name}" is the name of a device`;
  }
  return null;
}

/**
 * Looks through the unpacked program before it is packed.
 * @throws SetupError for a name that Windows refuses, two names that differ in case alone, a package of which the
 *   notices know nothing, and what no program should ship
 */
export function checkContents(folder) {
  const paths = listFiles(folder);
  const faults = paths.flatMap((path) => {
    const why = whyRefusedByWindows(path);
    return why ? [`${path}: ${why}`] : [];
  });
  const seen = new Map();
  for (const path of paths) {
    const other = seen.get(path.toLowerCase());
    if (other) faults.push(`${path} and ${other} are one file on Windows and macOS`);
    seen.set(path.toLowerCase(), path);
  }
  faults.push(
    ...paths.filter((path) => /\.(map|lib|h|hh|hpp|pdb)$/.test(path)).map((path) => `${path} is of no use`),
  );
  const known = new Set(shippedPackages().map(({ name }) => name));
  faults.push(
    ...packageNames(paths)
      .filter((path) => !known.has(path))
      .map((path) => `${path} has no notice`),
  );
  if (faults.length > 0)
    throw new SetupError(
      `The packaged program holds what it should not:\n${faults.slice(0, 20).join('\n')}`,
      'Leave it out in build/packaging.mjs.',
    );
}

/** Names of the packages that have files; where they lie is electron-builder's business. */
export function packageNames(paths) {
  const found = new Set();
  for (const path of paths) {
    const inside = /^resources\/app\.asar\.unpacked\/(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(
      path,
    )?.[1];
    if (inside) found.add(inside);
  }
  return [...found].sort();
}

const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/**
 * The bill of materials of an unpacked program. The same program gives the same bill.
 * @param {{ folder: string, version: string, electron: string, node: string }} program
 */
export function billOfMaterials({ folder, version, electron, node }) {
  const runtime = join(folder, 'resources', 'runtime');
  const mark = join(runtime, 'runtime.json');
  const {
    version: tensorflow = 'unknown',
    source = '',
    sha256 = null,
  } = existsSync(mark) ? JSON.parse(readFileSync(mark, 'utf8')) : {};
  const licences = (id) => [{ license: { id } }];
  const native = [
    { name: 'Electron', version: electron, licenses: licences('MIT'), purl: `pkg:npm/electron@${electron}` },
    { name: 'Node.js', version: node, licenses: licences('MIT'), purl: `pkg:generic/node@${node}` },
    {
      name: 'TensorFlow',
      version: tensorflow,
      licenses: licences('Apache-2.0'),
      purl: `pkg:pypi/tensorflow-cpu@${tensorflow}`,
      ...(sha256 && { hashes: [{ alg: 'SHA-256', content: sha256 }] }),
      ...(source && {
        description: `unpacked from ${source.split('/').at(-1)}; names of symbols that only debuggers and other programs ask for are taken out`,
      }),
    },
  ].map((component) => ({ type: 'framework', 'bom-ref': component.purl, ...component }));
  const packages = shippedPackages().map(({ name, version: of, license, path }) => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${of}`;
    return {
      type: 'library',
      'bom-ref': `${purl}#${path}`,
      name,
      version: of,
      licenses: [/^[A-Za-z0-9.+-]+$/.test(license) ? { license: { id: license } } : { expression: license }],
      purl,
    };
  });
  const files = existsSync(runtime)
    ? listFiles(runtime).map((path) => ({
        type: 'file',
        'bom-ref': `file:resources/runtime/${path}`,
        name: `resources/runtime/${path}`,
        hashes: [{ alg: 'SHA-256', content: hashOf(join(runtime, path)) }],
      }))
    : [];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': 'pretext-studio',
        name: 'Pretext Studio',
        version,
        licenses: licences('MIT'),
      },
    },
    components: [...native, ...packages, ...files],
  };
}

/** Checks the program, lays its bill beside its notices, and answers what its parts weigh. */
export function writeContents({ folder, electron, node }) {
  checkContents(folder);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bill = billOfMaterials({ folder, version, electron, node });
  writeFileSync(join(folder, 'resources', 'sbom.cdx.json'), `${JSON.stringify(bill, null, 1)}\n`);
  return weigh(folder);
}
