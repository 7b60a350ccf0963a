// Compiles our own operations (src/tensor/native), which become a part of the TensorFlow addon.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const NATIVE = join(root, 'src', 'tensor', 'native');
const COMMON = ['operations.cc', 'pool.cc', 'processes.cc', 'rows.cc', 'variants.cc', 'views.cc'];
/** What tfjs-node's own sources include, so that their sessions can be those of several processes. */
export const PROCESSES_HEADER = join(NATIVE, 'processes.h');
/** Each kind of processor has a file, which is compiled for its instructions; which one runs is seen at run time. */
const VARIANTS = {
  x64: [
    { name: 'avx2', flags: ['-mavx2', '-mfma'] },
    { name: 'avx512', flags: ['-mavx512f', '-mfma'] },
  ],
  arm64: [{ name: 'neon', flags: [] }],
};

/** Changes with every line of the sources: an addon of other sources is compiled anew. */
export function kernelsRevision(folder = NATIVE) {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * The object files; none where there is no way to compile them (Microsoft's compiler has no vector types): the
 * program then computes with TensorFlow's own operations, which takes longer.
 * @param {{ compiler: string, headers: string[], folder: string }} options `folder` gets the object files
 * @returns {Promise<string[]>}
 */
export async function compileKernels({ compiler, headers, folder }) {
  const variants = VARIANTS[process.arch] ?? [];
  if (process.platform === 'win32' || variants.length === 0) return [];
  mkdirSync(folder, { recursive: true });
  const known = variants.map(({ name }) => `-DPRETEXT_WITH_${name.toUpperCase()}`);
  const sources = [
    ...COMMON.map((file) => ({ file, flags: known })),
    ...variants.map(({ name, flags }) => ({ file: `variant_${name}.cc`, flags })),
  ];
  const objects = await Promise.all(
    sources.map(async ({ file, flags }) => {
      const object = join(folder, file.replace(/\.cc$/, '.o'));
      const always = ['-O3', '-std=c++17', '-fPIC', '-ffp-contract=fast', '-pthread'];
      const includes = [...headers, NATIVE].map((include) => `-I${include}`);
      const args = [...always, ...flags, ...includes, '-c', join(NATIVE, file), '-o', object];
      const { code, output } = await run(compiler, args, { quiet: true });
      if (code !== 0) say(`${file} did not compile:\n${output.trim().slice(-800)}`);
      return code === 0 ? object : null;
    }),
  );
  if (!objects.includes(null)) return objects;
  say("our own operations are left out, and TensorFlow's are used: training takes longer");
  return [];
}
