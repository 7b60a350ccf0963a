// `node build/runtime/gpu-wheels.mjs`: writes the table of wheels that the GPU pack is made of, with the checksums
// that the package index gives. Run by whoever raises a version; the program compares each file with it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../setup/fetch.mjs';
import { root } from '../setup/paths.mjs';
import { readManifest } from '../setup/tensorflow.mjs';
import { isNeeded } from '../../src/machine/gpu-pack/pack.ts';
import { listMembers } from '../../src/machine/gpu-pack/zip.ts';

const PLATFORMS = ['2_27', '2_26', '2_25', '2_17', '2_12', '2_5'].map(
  (version) => `manylinux_${version}_x86_64`,
);
const TABLE = join(root, 'src', 'machine', 'gpu-pack', 'wheels.json');
/** One release of CUDA: libraries of several may not fit one another. */
const CUDA = ['cuda-cupti', 'cuda-nvcc', 'cuda-nvrtc', 'cuda-runtime', 'nvjitlink'].map(
  (name) => `nvidia-${name}-cu12==12.9.*`,
);

const build = readManifest().builds.find(({ variant }) => variant === 'cuda');
const wheels = [];
for (const { download_info: found, metadata } of askIndex([
  build.sources[0].requirement,
  ...build.companions,
  ...CUDA,
])) {
  const file = decodeURIComponent(new URL(found.url).pathname.split('/').at(-1));
  const { headers } = await fetch(found.url, { method: 'HEAD' });
  const bytes = Number(headers.get('content-length'));
  wheels.push({
    package: metadata.name.toLowerCase().replaceAll(/[-_.]+/g, '-'),
    version: metadata.version,
    file,
    bytes,
    unpackedBytes: await unpackedBytes(found.url, bytes),
    sha256: found.archive_info.hashes.sha256,
  });
}
const table = { about: 'Written by build/runtime/gpu-wheels.mjs.', tensorflow: build.version, wheels };
writeFileSync(TABLE, `${JSON.stringify(table, null, 2)}\n`);

/** Read from the list at the file's end, without fetching the file. */
async function unpackedBytes(url, size) {
  const read = async (position, length) => {
    const range = `bytes=${position}-${position + length - 1}`;
    const response = await fetch(url, { headers: { range } });
    if (response.status !== 206) throw new Error(`the index gives no parts of files: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  };
  const members = await listMembers(read, size);
  return members.filter(({ name }) => isNeeded(name)).reduce((sum, member) => sum + member.unpackedBytes, 0);
}

/** What pip would take, without taking it. */
function askIndex(requirements) {
  const args = [
    '-m',
    'pip',
    'install',
    '--dry-run',
    '--ignore-installed',
    '--no-deps',
    '--quiet',
    '--report',
    '-',
  ];
  args.push('--only-binary=:all:', '--python-version', '3.11', '--target', join(root, 'never-made'));
  args.push(...PLATFORMS.flatMap((platform) => ['--platform', platform]));
  args.push(...['2010', '2014'].flatMap((year) => ['--platform', `manylinux${year}_x86_64`]));
  const report = execFileSync(findPython(), [...args, ...requirements], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(report).install;
}
