// The import rules: which folder may use which. A violation fails the test run.

/** What each folder may import, besides itself. */
const MAY_IMPORT = {
  'src/contract': [],
  'src/tensor': ['src/contract/errors\\.ts$'],
  'src/host': ['src/contract/'],
  'src/client': ['src/contract/', 'src/host/'],
  'src/machine': ['src/contract/', 'src/host/'],
  'src/data': ['src/contract/'],
  'src/project': ['src/contract/'],
  'src/learning': ['src/tensor/', 'src/contract/'],
  'src/training': ['src/learning/', 'src/data/', 'src/tensor/', 'src/contract/'],
  'src/export': ['src/learning/', 'src/data/', 'src/tensor/', 'src/contract/'],
  // The catalogue describes encoders and tasks, the statistics sum up scores: neither holds tensors when imported.
  'src/service': [
    'src/project/',
    'src/data/',
    'src/contract/',
    'src/host/',
    'src/machine/',
    'src/learning/(catalogue|evaluation/(statistics|label-efficiency))\\.ts$',
  ],
  'src/trainer': [
    'src/training/',
    'src/export/',
    'src/learning/',
    'src/data/',
    'src/tensor/',
    'src/contract/',
    'src/host/',
  ],
  // How a service is started and talked to, and what needs no project: help, checking a recipe and its paths, the doctor, the settings.
  'src/cli': [
    'src/contract/',
    'src/host/',
    'src/client/',
    'src/machine/',
    'src/service/recipes/(catalogue|text|paths)\\.ts$',
  ],
  // On an Electron that is too old, main starts plain Node processes the way the command line does.
  electron: ['src/contract/', 'src/host/'],
  renderer: ['src/contract/'],
};

const OURS = '^(src|electron|renderer|build|test)/';

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder.replace('/', '-')}-imports`,
  severity: 'error',
  comment: `${folder} may import only: ${[folder, ...allowed].join(', ')}`,
  from: { path: `^${folder}/` },
  to: { path: OURS, pathNot: [`^${folder}/`, ...allowed.map((path) => `^${path}`)] },
}));

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: 'electron-stays-above',
      severity: 'error',
      comment: 'Only electron/ knows Electron.',
      from: { path: '^(src|renderer)/' },
      to: { path: '(^|/)electron($|/)', pathNot: OURS },
    },
    {
      name: 'window-without-node',
      severity: 'error',
      comment: 'The window is sandboxed: it has no Node.',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'rpc-in-one-place',
      severity: 'error',
      comment: 'In the window, renderer/api is what touches the port.',
      from: { path: '^renderer/', pathNot: '^renderer/api/' },
      to: { path: '@orpc/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'An import must lead somewhere.',
      from: { path: OURS },
      to: { couldNotResolve: true, pathNot: '^(virtual:|electron$)' },
    },
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'Two modules that need each other are one module, or three. Types may refer to each other.',
      from: { path: OURS },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|test-results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'svelte', 'default'],
    },
  },
};
