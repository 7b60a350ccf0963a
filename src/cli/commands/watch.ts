/** Follows folders: what comes into them is answered, and put at the end of one file. */
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { csvLine } from '../../contract/csv.ts';
import { formatFailure, PretextError, type Failure } from '../../contract/errors.ts';
import type { PredictionOutput } from '../../contract/model/prediction.ts';
import { askTrainer } from '../../client/trainer.ts';
import { say, UsageError, type Environment } from '../environment.ts';
import { decimalOf, type DecimalFlag } from '../flags/decimal-option.ts';
import { headWish, type HeadFlag } from '../flags/head-option.ts';
import { plural } from '../words/text.ts';
import { beginWatchedFile, type WatchedFile } from './watched-file.ts';

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
  file: WatchedFile;
}

/** Until it is asked to end. A file counts once it has stayed as it is from one look to the next. */
export async function watchFolders(
  environment: Environment,
  watch: Watch,
  signal: AbortSignal,
): Promise<void> {
  const { paths, output } = watch;
  const file = beginAnswers(output);
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
      answered += await answer(environment, { ...watch, file, paths: some }, signal);
      for (const path of some) done.add(path + now.get(path)!);
      say(environment, `${plural(answered, 'sample')} answered so far`);
    } else await sleep(LOOK_EVERY_MS, null, { signal }).catch(() => null);
  }
}

function beginAnswers({ file, format, overwrite }: PredictionOutput): WatchedFile {
  if (format === 'parquet')
    throw new UsageError(
      'A Parquet file cannot be added to: give --output a name that ends in .csv or .jsonl.',
    );
  const answers = beginWatchedFile(file, { hasHead: format === 'csv', overwrite });
  // What an earlier prediction left out is no part of this one.
  rmSync(leftOutOf(file), { force: true });
  return answers;
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
  const { model, paths, output, file } = watch;
  const part = `${output.file}.next.${output.format}`;
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
    file.add(part);
    if (found.leftOutFile) addTo(leftOutOf(output.file), found.leftOutFile);
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
    addLeftOut(output.file, paths[0]!, failure);
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
function addLeftOut(file: string, path: string, { code, message }: Failure): void {
  const list = leftOutOf(file);
  const head = existsSync(list) ? '' : csvLine(['file', 'row', 'reason', 'message']);
  appendFileSync(list, head + csvLine([path, null, code.slice(code.indexOf('.') + 1), message]));
}

const leftOutOf = (file: string) => `${file}.left-out.csv`;

/** The rows of one list at the end of another, which has its own head already. */
function addTo(file: string, part: string): void {
  const text = readFileSync(part, 'utf8');
  appendFileSync(file, existsSync(file) ? text.slice(text.indexOf('\n') + 1) : text);
  rmSync(part);
}
