/** Imports: files become a dataset of the project, one import after the other, with progress and an end. */
import { createProgressMeter, importDataset, SEARCH_PHASES, type ImportedDataset } from '../../data/index.ts';
import type { Dataset, ImportProgress } from '../../contract/entities.ts';
import { PretextError, toFailure, type Failure } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import {
  claimImport,
  datasetExists,
  deleteDataset,
  deleteOwnFile,
  findDataset,
  insertHiddenDataset,
  insertIssues,
  insertGroupLevel,
  insertRecordings,
  insertSamples,
  HEARTBEAT_MS,
  newId,
  releaseClaim,
  renewClaims,
  saveCopies,
  settleDatabase,
  shardFile,
  showDataset,
  thisProcess,
  timestamp,
  watchLives,
  type NewSample,
  type WritableProject,
} from '../../project/index.ts';
import { searchCopies } from './copies.ts';
import { makePyramid, pyramidName } from './recordings.ts';
import { logFailure } from '../workplace/log.ts';
import type { Workplace } from '../workplace/workplace.ts';

const CHUNK = 5_000;
const RECORDINGS_AT_ONCE = 20;
const TELL_EVERY_MS = 200;

export interface StartedImport {
  id: string;
  /** Rejects with a PretextError when the import failed or was cancelled. */
  finished: Promise<Dataset>;
}

export interface Imports {
  /** `options` with absolute paths. Throws `dataset.exists`. */
  start(name: string, options: ImportOptions): StartedImport;
  /**
   * For a study: starts the import, or joins the one of this name that goes on here. When all who shared it have gone
   * away (`signal`), and nobody started it by itself, it ends.
   */
  share(name: string, options: ImportOptions, signal: AbortSignal): Promise<void>;
  list(): ImportProgress[];
  /** Of a dataset that can be used already, it ends the search for copies: the dataset stays. */
  cancel(id: string): void;
  /** Aborts all imports and waits until they have tidied up. */
  close(): Promise<void>;
}

interface Running {
  progress: ImportProgress;
  abort: AbortController;
  /** The dataset is there; copies across its splits may still be looked for. */
  usable: Promise<Dataset>;
  /** Nothing of it goes on any more. */
  finished: Promise<Dataset>;
  /** How many wait for it. */
  holders: number;
}

export function createImports(workplace: Workplace): Imports {
  const { project, log } = workplace;
  const running = new Map<string, Running>();
  const watch = watchLives();
  const beating = setInterval(() => {
    try {
      renewClaims(project, [...running.keys()]);
    } catch (error) {
      // The next beat may succeed: others wait several before they take an import for dead.
      log.warn({ err: error }, 'the claims of imports could not be renewed');
    }
  }, HEARTBEAT_MS);
  let before: Promise<unknown> = Promise.resolve();

  const carryOut = async (id: string, name: string, options: ImportOptions, abort: AbortController) => {
    try {
      abort.signal.throwIfAborted();
      const imported = await importOne(workplace, { id, name, options, signal: abort.signal, tell });
      settleDatabase(project);
      workplace.events.publish({ type: 'dataset', dataset: imported });
      return imported;
    } catch (thrown) {
      const error = abort.signal.aborted ? cancelledImport(name) : thrown;
      const failure = toFailure(error);
      logFailure(workplace.log, failure, error, `import of ${name} failed`);
      end(id, null, failure);
      throw error instanceof PretextError ? error : new PretextError(failure);
    }
  };
  /** What is left to do once a dataset can be used; whatever comes of it, the dataset stays. */
  const lookForCopies = async (dataset: Dataset, signal: AbortSignal): Promise<Dataset> => {
    const { id, name } = dataset;
    try {
      const searched = dataset.copies ? dataset : await searchAcrossSplits(project, dataset, signal, tell);
      if (searched !== dataset) workplace.events.publish({ type: 'dataset', dataset: searched });
      end(id, id, null);
      return searched;
    } catch (error) {
      // Nobody has looked, then: the dataset and all results on it say so.
      const failure = signal.aborted ? null : failedSearch(name, toFailure(error));
      if (failure) logFailure(workplace.log, failure, error, `the search for copies in ${name} failed`);
      end(id, id, failure);
      return dataset;
    }
  };
  const end = (id: string, datasetId: string | null, failure: Failure | null) => {
    running.delete(id);
    if (project.connection.open) releaseClaim(project, id);
    workplace.events.publish({ type: 'import-ended', id, datasetId, failure });
  };
  const tell = (progress: ImportProgress) => {
    const entry = running.get(progress.id);
    if (entry) entry.progress = progress;
    workplace.events.publish({ type: 'import', progress });
  };

  const goingOn = (name: string) => [...running.values()].find(({ progress }) => progress.name === name);
  const begin = (name: string, options: ImportOptions): Running => {
    if (findDataset(project, name)) throw datasetExists(name);
    const id = newId();
    claimImport(project, { id, name, holder: thisProcess() }, watch);
    const abort = new AbortController();
    const usable = before.then(() => carryOut(id, name, options, abort));
    before = usable.catch(() => undefined);
    const finished = usable.then((dataset) => lookForCopies(dataset, abort.signal));
    // Who waits for it is told; a study waits for `usable` alone.
    finished.catch(() => undefined);
    const entry: Running = { progress: waitingProgress(id, name), abort, usable, finished, holders: 0 };
    running.set(id, entry);
    workplace.events.publish({ type: 'import', progress: entry.progress });
    return entry;
  };

  return {
    start(name, options) {
      if (goingOn(name)) throw datasetExists(name);
      const entry = begin(name, options);
      entry.holders++;
      return { id: entry.progress.id, finished: entry.finished };
    },
    async share(name, options, signal) {
      const entry = goingOn(name) ?? begin(name, options);
      entry.holders++;
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          if (--entry.holders === 0) entry.abort.abort();
          reject(cancelledImport(name));
        };
        if (signal.aborted) leave();
        else signal.addEventListener('abort', leave, { once: true });
        // A study begins beside the search for copies; its results say so until that has ended.
        entry.usable.then(() => resolve(), reject).finally(() => signal.removeEventListener('abort', leave));
      });
    },
    list: () => [...running.values()].map(({ progress }) => progress),
    cancel: (id) => running.get(id)?.abort.abort(),
    async close() {
      const all = [...running.values()];
      for (const { abort } of all) abort.abort();
      await Promise.allSettled(all.map(({ finished }) => finished));
      clearInterval(beating);
    },
  };
}

interface OneImport {
  id: string;
  name: string;
  options: ImportOptions;
  signal: AbortSignal;
  tell(progress: ImportProgress): void;
}

async function importOne({ project, log }: Workplace, request: OneImport): Promise<Dataset> {
  const { id, name, options, signal, tell } = request;
  const shard = `${id}.shard`;
  let toldMs = -Infinity;
  let phase = '';
  const imported = await importDataset({
    path: options.path,
    options,
    shardFile: shardFile(project.folder, shard),
    signal,
    onProgress(progress) {
      if (progress.phase === phase && performance.now() - toldMs < TELL_EVERY_MS) return;
      toldMs = performance.now();
      phase = progress.phase;
      tell({ id, name, ...progress });
    },
  });
  try {
    const key = insertHiddenDataset(project, {
      dataset: toDataset(request, imported),
      shard,
      importOptions: options,
      // An import that would part one ends with an error instead.
      partedGroups: 0,
    });
    for await (const { first, end, samples } of chunksOf(imported)) {
      signal.throwIfAborted();
      insertSamples(project, key, first, samples);
      tell({
        ...waitingProgress(id, name),
        phase: 'Writing the list of samples',
        done: end,
        total: imported.sampleCount,
        leftOut: imported.issueCounts.leftOut,
      });
    }
    for (let first = 0; first < imported.issues.length; first += CHUNK) {
      signal.throwIfAborted();
      insertIssues(project, key, first, imported.issues.slice(first, first + CHUNK));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { name: level, values } of imported.levels) {
      signal.throwIfAborted();
      insertGroupLevel(project, key, level, values);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (let first = 0; first < imported.places.length; first += RECORDINGS_AT_ONCE) {
      signal.throwIfAborted();
      insertRecordings(project, key, first, imported.places.slice(first, first + RECORDINGS_AT_ONCE));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (imported.places.length > 0)
      tell({ ...waitingProgress(id, name), phase: 'Drawing an overview of the recordings' });
    await makePyramid(project, id, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      // Whoever looks through the recordings has it made then, and is told what stands in the way.
      log.warn({ err: error }, `the overview of ${name} could not be made`);
    });
    // Where all samples were drawn with their copies kept together, a second search could find none.
    if (imported.copiesSeconds !== null) await saveCopies(project, id, [], imported.copiesSeconds);
    return showDataset(project, id);
  } catch (error) {
    await deleteDataset(project, id);
    deleteOwnFile(project.folder, 'shards', shard);
    deleteOwnFile(project.folder, 'shards', pyramidName(shard));
    throw error;
  }
}

/** Validation and test samples that are copies of training samples. */
function searchAcrossSplits(
  project: WritableProject,
  { id, name, issueCounts }: Dataset,
  signal: AbortSignal,
  tell: (progress: ImportProgress) => void,
): Promise<Dataset> {
  const meter = createProgressMeter(
    (progress) => tell({ id, name, ...progress }),
    () => issueCounts.leftOut,
  );
  return searchCopies(project, id, {
    signal,
    onProgress: (step, done, total) => meter.at(SEARCH_PHASES[step], done, total),
  });
}

function toDataset({ id, name, options }: OneImport, imported: ImportedDataset): Dataset {
  const {
    samples: _samples,
    issues: _issues,
    format: _format,
    sampleBytes: _sampleBytes,
    copiesSeconds: _copiesSeconds,
    places: _places,
    levels: _levels,
    ...facts
  } = imported;
  return { ...facts, id, name, source: options.path, createdAt: timestamp() };
}

interface Chunk {
  first: number;
  end: number;
  /** Made one by one as they are written: thousands at once would outlive the young, and wait for a large collection. */
  samples: Iterable<NewSample>;
}

/** Samples in chunks, with a breath between them so that the service stays answering. */
async function* chunksOf({ samples, classes }: ImportedDataset): AsyncGenerator<Chunk> {
  const classIds = new Map(classes.map(({ name }, id) => [name, id]));
  for (let first = 0; first < samples.count; first += CHUNK) {
    const end = Math.min(first + CHUNK, samples.count);
    yield { first, end, samples: samplesOf(first, end) };
    await new Promise((resolve) => setImmediate(resolve));
  }

  function* samplesOf(from: number, end: number): Generator<NewSample> {
    for (let index = from; index < end; index++) yield sampleAt(index);
  }

  function sampleAt(index: number): NewSample {
    const label = samples.labelAt(index);
    const number = samples.numbers?.[index] ?? Number.NaN;
    const width = classes.length;
    return {
      source: samples.sourceAt(index),
      byteOffset: samples.offsets[index]!,
      classId: label === null ? -1 : (classIds.get(label) ?? -1),
      number: Number.isNaN(number) ? null : number,
      group: samples.groupAt(index),
      split: samples.splits[index]!,
      recording: samples.recordings?.[index] ?? null,
      weight: samples.weights?.[index] ?? null,
      targets: samples.targets?.subarray(index * width, (index + 1) * width) ?? null,
    };
  }
}

function waitingProgress(id: string, name: string): ImportProgress {
  return { id, name, phase: 'Waiting', done: 0, total: null, perSecond: null, secondsLeft: null, leftOut: 0 };
}

function failedSearch(name: string, failure: Failure): Failure {
  return {
    ...failure,
    message: `“${name}” was imported and can be used, but the search for copies across its splits failed: ${failure.message}`,
    remedy: 'Look for copies again on the dataset’s page, or by `pretext data copies`.',
  };
}

function cancelledImport(name: string): PretextError {
  return new PretextError({
    code: 'import.cancelled',
    message: `The import of “${name}” was cancelled. Nothing was added to the project.`,
    place: name,
  });
}
