// Compiles tfjs-node's addon from its own sources, against the library at hand.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { PROCESSES_HEADER } from './kernels.mjs';
import { canRun, firstThatRuns, run } from './run.mjs';
import { SetupError } from './say.mjs';

const NAPI_VERSION = 8;
const ADDON = 'tfjs_binding.node';
/** TensorFlow's functions that the addon is made to call through src/tensor/native/processes.cc. */
const SESSION_FUNCTIONS = ['NewSessionOptions', 'NewTensor'];

/** The C++ compiler, or an explanation. `CXX` is taken first. */
export function findCompiler() {
  if (process.platform === 'win32') {
    if (canRun('cl', [])) return 'cl';
    throw new SetupError(
      'No C++ compiler was found. It is used once, to compile the TensorFlow addon.',
      'Run: winget install Microsoft.VisualStudio.2022.BuildTools --override "--add Microsoft.VisualStudio.Workload.VCTools --includeRecommended". Then run the same command in an "x64 Native Tools Command Prompt".',
    );
  }
  const named = process.env.CXX ? [process.env.CXX] : [];
  const compiler = firstThatRuns([...named, 'g++', 'clang++', 'c++']);
  if (compiler) return compiler;
  throw new SetupError(
    'No C++ compiler was found. It is used once, to compile the TensorFlow addon.',
    'Debian and Ubuntu: sudo apt install g++. Fedora: sudo dnf install gcc-c++. macOS: xcode-select --install. Then run the same command again.',
  );
}

/**
 * @param {{ compiler: string, headers: string[], folder: string, libraries: string[], objects: string[] }} options
 *   `folder` holds the libraries, and gets the addon; `objects` become a part of it
 */
export async function compileAddon({ compiler, headers, folder, libraries, objects }) {
  const tfjsNode = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjsNode, 'binding', name));
  const includes = [
    ...headers,
    join(root, 'node_modules', 'node-api-headers', 'include'),
    join(tfjsNode, '..'),
  ];
  const compile = process.platform === 'win32' ? compileOnWindows : compileOnUnix;
  const result = await compile({
    compiler,
    sources: [...sources, ...objects],
    // These are ours where there are our own objects.
    renamed: objects.length > 0 ? SESSION_FUNCTIONS : [],
    includes,
    folder,
    libraries,
  });
  if (result.code === 0) return;
  throw new SetupError(
    `The TensorFlow addon did not compile.\n${result.output.trim().slice(-1500)}`,
    'A compiler that knows C++17 is needed (GCC 9, Clang 10, Visual Studio 2019 or later). Set CXX to choose another one.',
  );
}

function compileOnUnix({ compiler, sources, renamed, includes, folder, libraries }) {
  const mac = process.platform === 'darwin';
  return run(
    compiler,
    [
      '-O2',
      '-std=c++17',
      '-shared',
      '-fPIC',
      '-pthread',
      `-DNAPI_VERSION=${NAPI_VERSION}`,
      ...(renamed.length > 0 ? ['-include', PROCESSES_HEADER] : []),
      ...renamed.map((name) => `-DTF_${name}=Pretext${name}`),
      ...includes.map((include) => `-I${include}`),
      ...sources,
      '-o',
      ADDON,
      ...libraries,
      // The libraries are found beside the addon, wherever the folder lies; Node's own symbols at load time.
      mac ? '-Wl,-rpath,@loader_path' : '-Wl,-rpath,$ORIGIN',
      ...(mac ? ['-undefined', 'dynamic_lookup'] : []),
    ],
    { cwd: folder, quiet: true },
  );
}

/** Node's symbols come from whichever program loads the addon: delayed, through node-gyp's hook. */
async function compileOnWindows({ sources, includes, folder }) {
  const objects = join(folder, '..', 'objects');
  mkdirSync(objects, { recursive: true });
  const definitions = join(root, 'node_modules', 'node-api-headers', 'def', 'node_api.def');
  const importLibrary = join(objects, 'node.lib');
  const library = await run('lib', [`/def:${definitions}`, `/out:${importLibrary}`, '/machine:x64'], {
    quiet: true,
  });
  if (library.code !== 0) return library;
  const hook = join(root, 'node_modules', 'node-gyp', 'src', 'win_delay_load_hook.cc');
  return run(
    'cl',
    [
      '/nologo',
      '/O2',
      '/std:c++17',
      '/EHsc',
      '/LD',
      '/wd4190',
      '/DCOMPILER_MSVC',
      '/DHOST_BINARY="node.exe"',

      `/DNAPI_VERSION=${NAPI_VERSION}`,
      ...includes.map((include) => `/I${include}`),
      ...sources,
      hook,
      `/Fo${objects}\\`,
      `/Fe${ADDON}`,
      '/link',
      'tensorflow.lib',
      importLibrary,
      'delayimp.lib',
      '/DELAYLOAD:node.exe',
    ],
    { cwd: folder, quiet: true },
  );
}
