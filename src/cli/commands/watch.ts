/** Follows folders: what comes into them is answered, and put at the end of one file. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { csvLine } from '../../contract/csv.ts';
import { formatFailure, PretextError, type Failure } from '../../contract/errors.ts';
import type { PredictionOutput } from '../../contract/model/prediction.ts';
import { askTrainer } from '../../client/trainer.ts';
import { requirePlaceFor } from '../../machine/place-for-file.ts';
import { say, UsageError, type Environment } from '../environment.ts';
import { decimalOf, type DecimalFlag } from '../flags/decimal-option.ts';
import { headWish, type HeadFlag } from '../flags/head-option.ts';
import { plural } from '../words/text.ts';
import { beginWatchedFile, type WatchedFile } from './watched-file.ts';
import { makeWatchedParts } from './watched-parts.ts';

const LOOK_EVERY_MS = 1000;
/** Files that are answered together, at most. */
const MOST_AT_ONCE = 512;

export interface Watch extends DecimalFlag, HeadFlag {
  /** Folder of the model. */
  model: string;
  /** Absolute. */
  paths: readonly string[];
  output: PredictionOutput;
}

interface Followed extends Watch {
  answers: WatchedFile;
  /** Files that could not be answered. */
  leftOut: WatchedFile;
  /** Where a part of the answers lies until it is added. */
  part: string;
}

/** Until it is asked to end. A file counts once it has stayed as it is from one look to the next. */
export async function watchFolders(
  environment: Environment,
  watch: Watch,
  signal: AbortSignal,
): Promise<void> {
  const files = beginFiles(watch.output);
  const parts = makeWatchedParts(watch.output.file);
  try {
    const part = join(parts.folder, `part.${watch.output.format}`);
    await follow(environment, { ...watch, ...files, part }, signal);
  } finally {
    parts.remove();
  }
}

async function follow(environment: Environment, watch: Followed, signal: AbortSignal): Promise<void> {
  const { paths, output } = watch;
  const done = new Set<string>();
  let before = new Map<string, string>();
  let answered = 0;
  say(environment, 'Following: what comes is answered. Ctrl-C ends it.');
  while (!signal.aborted) {
    const now = filesBelow(paths);
    // Answers may lie in a folder that is followed.
    for (const path of now.keys()) if (path.startsWith(output.file)) now.delete(path);
    const settled = [...now].filter(([path, state]) => before.get(path) === state && !done.has(path + state));
    before = now;
    const some = settled.slice(0, MOST_AT_ONCE).map(([path]) => path);
    if (some.length > 0) {
      answered += await answer(environment, { ...watch, paths: some }, signal);
      for (const path of some) done.add(path + now.get(path)!);
      say(environment, `${plural(answered, 'sample')} answered so far`);
    } else await sleep(LOOK_EVERY_MS, null, { signal }).catch(() => null);
  }
}

/** A list of what an earlier prediction left out is no part of this one, and is not lost for it unasked. */
function beginFiles({ file, format, overwrite }: PredictionOutput): Pick<Followed, 'answers' | 'leftOut'> {
  if (format === 'parquet')
    throw new UsageError(
      'A Parquet file cannot be added to: give --output a name that ends in .csv or .jsonl.',
    );
  const list = leftOutOf(file);
  for (const one of [file, list]) requirePlaceFor(one, overwrite);
  return {
    answers: beginWatchedFile(file, { hasHead: format === 'csv', overwrite }),
    leftOut: beginWatchedFile(list, { hasHead: true, overwrite }),
  };
}

/** Each with its size and time; what is hidden is left alone. */
function filesBelow(paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const look = (path: string) => {
    // It may be gone again already.
    const state = statSync(path, { throwIfNoEntry: false });
    if (state?.isFile()) found.set(path, ` ${state.size} ${state.mtimeMs}`);
    if (state?.isDirectory())
      for (const name of readdirSync(path)) if (!name.startsWith('.')) look(join(path, name));
  };
  for (const path of paths) look(path);
  return found;
}

/** Answers some files, and adds the rows. What cannot be answered is said, and the rest goes on. */
async function answer(environment: Environment, watch: Followed, signal: AbortSignal): Promise<number> {
  const { model, paths, output, answers, leftOut, part } = watch;
  try {
    const found = await askTrainer(
      environment.host,
      'predict',
      {
        model,
        ...headWish(watch),
        from: { kind: 'files', paths: [...paths], ...decimalOf(watch) },
        output: { ...output, file: part, overwrite: true },
        rows: 0,
        pictures: false,
      },
      { signal, onProgress: () => {} },
    );
    answers.add(part);
    if (found.leftOutFile) leftOut.add(found.leftOutFile);
    return found.samples;
  } catch (thrown) {
    if (!(thrown instanceof PretextError)) throw thrown;
    const { failure } = thrown;
    if (failure.code === 'file.written-by-another') throw thrown;
    if (!OF_FILES.test(failure.code)) {
      say(environment, formatFailure(failure));
      return 0;
    }
    if (paths.length > 1) return answerHalves(environment, watch, signal);
    say(environment, formatFailure({ ...failure, place: paths[0]! }));
    addLeftOut(watch, paths[0]!, failure);
    return 0;
  }
}

/** Failures that are a file's own: others beside it may well be answered. */
const OF_FILES =
  /^(dataset|delimited|images|import|path|recordings|signals|tables?)\.|^model\.(other-|no-rate|missing-)/;

/** One file that is of no use keeps none of the others from being answered. */
async function answerHalves(environment: Environment, watch: Followed, signal: AbortSignal): Promise<number> {
  const middle = Math.ceil(watch.paths.length / 2);
  const first = await answer(environment, { ...watch, paths: watch.paths.slice(0, middle) }, signal);
  return first + (await answer(environment, { ...watch, paths: watch.paths.slice(middle) }, signal));
}

/** As the files are listed that are left out among others. */
function addLeftOut({ leftOut, part }: Followed, path: string, { code, message }: Failure): void {
  const list = leftOutOf(part);
  const row = csvLine([path, null, code.slice(code.indexOf('.') + 1), message]);
  writeFileSync(list, csvLine(['file', 'row', 'reason', 'message']) + row);
  leftOut.add(list);
}

const leftOutOf = (file: string) => `${file}.left-out.csv`;
