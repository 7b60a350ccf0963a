/** Columns of the database that hold JSON, as `table.column`. */
export const DOCUMENTS = new Set(
  [
    'datasets: shape classes split channel_names channel_units columns channel_statistics import_options copies labels',
    'recordings: stretches',
    'label_versions: classes counts',
    'studies: recipe failure facts label_versions',
    'runs: budget datasets progress failure environment config findings reused',
    'metrics: values',
    'transfers: report',
    'results: result',
    'probes: resamples',
    'models: model',
    'folds: groups',
    'run_parts: parts',
  ].flatMap((line) => {
    const [table = '', columns = ''] = line.split(': ');
    return columns.split(' ').map((column) => `${table}.${column}`);
  }),
);

/** Those of them without which a row is still what it was: null there says that nothing is known. */
export const NOTES: ReadonlySet<string> = new Set([
  'datasets.channel_units',
  'datasets.copies',
  'runs.progress',
]);
