// The import rules: which folder may use which. A violation fails the test run.

/** What each folder may import, besides itself. */
const MAY_IMPORT = {
  'src/contract': [],
  'src/tensor': ['src/contract/errors\\.ts$'],
  'src/host': ['src/contract/'],
  'src/bundle': ['src/contract/', 'src/machine/(replace-file|whole-file|processes|shell)\\.ts$'],
  'src/worker': ['src/contract/', 'src/host/', 'src/bundle/'],
  'src/client': ['src/contract/', 'src/host/'],
  'src/machine': ['src/contract/', 'src/host/'],
  'src/data': ['src/contract/', 'src/machine/(replace-file|make-folder|write-all)\\.ts$'],
  'src/project': ['src/contract/', 'src/machine/(replace-file|make-folder|processes|file-hash)\\.ts$'],
  'src/learning': ['src/tensor/', 'src/contract/'],
  'src/training': [
    'src/learning/',
    'src/data/',
    'src/tensor/',
    'src/contract/',
    'src/machine/(replace-file|make-folder|place-for-file|write-all)\\.ts$',
  ],
  'src/export': [
    'src/learning/',
    'src/data/',
    'src/tensor/',
    'src/contract/',
    'src/machine/(replace-file|make-folder|place-for-file|whole-folder)\\.ts$',
  ],
  // The catalogue describes encoders and tasks, the statistics sum up scores: neither holds tensors when imported.
  'src/service': [
    'src/project/',
    'src/data/',
    'src/contract/',
    'src/host/',
    'src/machine/',
    'src/bundle/',
    'src/learning/(catalogue|evaluation/(intervals/(statistics|label-efficiency|uncertainty|several-influence|group-interval)|metrics/(metrics|sample-loss|several)))\\.ts$',
  ],
  'src/trainer': [
    'src/training/',
    'src/export/',
    'src/learning/',
    'src/data/',
    'src/tensor/',
    'src/contract/',
    'src/machine/(make-folder|place-for-file|whole-folder)\\.ts$',
    'src/host/',
  ],
  // How a service is started and talked to, and what needs no project: help, looking at files, checking a recipe and its paths, the doctor, the settings.
  'src/cli': [
    'src/contract/',
    'src/host/',
    'src/client/',
    'src/machine/',
    'src/bundle/',
    'src/worker/',
    'src/data/(catalogue|inspect|preview)\\.ts$',
    'src/service/recipes/(catalogue|text|paths)\\.ts$',
  ],
  // On an Electron that is too old, main starts plain Node processes the way the command line does.
  electron: ['src/contract/', 'src/host/', 'src/machine/shell\\.ts$'],
  renderer: ['src/contract/'],
};

/**
 * The floors inside the crowded rooms, the uppermost first. What stands on a floor may import itself and the
 * floors below: nothing beside it, nothing above. Whoever adds a folder says here where it stands.
 */
const FLOORS = {
  'src/cli': [
    ['(main|program).ts'],
    ['commands/'],
    ['session/', 'flags/', 'recipes/'],
    ['words/'],
    ['(environment|standard-environment).ts'],
  ],
  'src/service': [
    ['(main|serve).ts'],
    ['handlers/'],
    ['(requests|removals).ts'],
    ['elsewhere/'],
    ['surroundings/'],
    ['runs/'],
    ['models/', 'reports/'],
    ['studies/', 'results/'],
    ['tournament/'],
    ['trainers/'],
    ['datasets/'],
    ['recipes/'],
    ['options.ts'],
    ['workplace/'],
  ],
  'src/training': [
    ['questions/'],
    ['finetune/', 'pretext/(?!health/)'],
    ['pretext/health/', 'models/'],
    ['checkpoints/', 'samples/'],
    ['step/'],
    ['(control|inputs|machine|memory).ts'],
  ],
  'src/learning': [
    ['(catalogue|advisor).ts'],
    ['pretext/(registry|preview|shareable).ts'],
    ['pretext/tasks/'],
    ['pretext/parts/'],
    ['pretext/task.ts', 'downstream/'],
    ['encoders/', 'modalities/', 'references/'],
    ['views/'],
    ['evaluation/(health|intervals|predictions)/'],
    ['evaluation/probes/'],
    ['layers/', 'losses/', 'evaluation/metrics/'],
    ['(channels|random).ts'],
  ],
  'src/export': [
    ['(formats|readme|folder|kept-model).ts'],
    ['onnx/', 'tensorflow/', 'pytorch/', 'tables/', 'explanations/'],
    ['graph/'],
    ['(model|protobuf).ts'],
  ],
  'src/data': [
    ['(index|catalogue|import|inspect|preview|harmonise|new-samples).ts'],
    ['new-options.ts'],
    ['readers/'],
    ['modalities/'],
    ['images/', 'signals/', 'tables/', 'splits/', 'copies/'],
    ['reading/', 'recordings/'],
    ['delimited/', 'folders/', 'together/'],
    ['shards/'],
    ['(breathe|byte-stream|problem|threads).ts'],
  ],
};

const OURS = '^(src|electron|renderer|build|test)/';

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder.replace('/', '-')}-imports`,
  severity: 'error',
  comment: `${folder} may import only: ${[folder, ...allowed].join(', ')}`,
  from: { path: `^${folder}/` },
  to: { path: OURS, pathNot: [`^${folder}/`, ...allowed.map((path) => `^${path}`)] },
}));

const pathOf = (room, place) => `^${room}/${place.replace('.ts', '\\.ts$')}`;

const floorRules = Object.entries(FLOORS).flatMap(([room, floors]) => {
  const name = room.replace('/', '-');
  const rules = floors.flatMap((places, floor) =>
    places.map((place) => ({
      name: `${name}-floors`,
      severity: 'error',
      comment: `${room}/${place} may import only itself and the floors below it`,
      from: { path: pathOf(room, place) },
      to: {
        path: `^${room}/`,
        pathNot: [place, ...floors.slice(floor + 1).flat()].map((below) => pathOf(room, below)),
      },
    })),
  );
  const homeless = {
    name: `${name}-no-floor`,
    severity: 'error',
    comment: `A file or folder of ${room} stands on no floor yet: FLOORS in .dependency-cruiser.cjs gives it one.`,
    from: { path: `^${room}/`, pathNot: floors.flat().map((place) => pathOf(room, place)) },
    to: {},
  };
  return [...rules, homeless];
});

module.exports = {
  forbidden: [
    ...folderRules,
    ...floorRules,
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
      comment: 'Two modules that need each other are one module, or three; types count.',
      from: { path: OURS },
      to: { circular: true },
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
