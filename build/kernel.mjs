// Compiles the kernel of the copy search: `node build/kernel.mjs` after a change of its source.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/paths.mjs';

const FOLDER = 'src/data/copies/kernel';
const OPTIONS = [
  '-O3',
  '--runtime=stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--enable=simd',
  '--enable=threads',
  '--noExportMemory',
];

/** @returns {Promise<string>} the text of `compiled.ts` for the present source */
export async function compileKernel() {
  const { main } = await import('assemblyscript/asc');
  let binary = null;
  const { error, stderr } = await main(
    [`${FOLDER}/assembly.ts`, '--outFile=kernel.wasm', `--baseDir=${root}`, ...OPTIONS],
    { writeFile: (name, contents) => void (name === 'kernel.wasm' && (binary = contents)) },
  );
  if (error || !binary)
    throw new Error(`The kernel does not compile.\n${stderr?.toString() ?? ''}`, { cause: error });
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,100}/g) ?? [];
  return [
    '/** `assembly.ts`, compiled by `node build/kernel.mjs`: not to be edited by hand. */',
    'export const KERNEL = [',
    ...lines.map((line) => `  '${line}',`),
    `].join('');`,
    '',
  ].join('\n');
}

if (import.meta.filename === process.argv[1]) {
  writeFileSync(join(root, FOLDER, 'compiled.ts'), await compileKernel());
}
