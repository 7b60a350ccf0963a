/** Runs of the bench of tasks, each kept when it is done: what was interrupted goes on where it was. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../build/setup/paths.mjs';
import { startWorker } from '../worker.ts';
import type { BenchContext } from './context.ts';
import type { StoredSample } from './task-samples.ts';
import { taskScoreSchema, type TaskScore, type TaskSetting } from './task-setting.ts';

/** What a run is, wherever its files lie. */
export type TaskRun = Omit<TaskSetting, 'selection' | 'work' | 'output'>;

const SOURCES = fileURLToPath(new URL('../../../src/', import.meta.url));
/** Whatever a pretraining and a probe are made of, and the case itself. */
const MADE_OF = ['tensor', 'data', 'learning', 'training', '../test/bench/cases/task.ts'];

/** A hash of the program text: another program, other scores. */
function programHash(): string {
  const hash = createHash('sha256');
  const files = MADE_OF.flatMap((part) =>
    part.endsWith('.ts') ? [part] : globSync(`${part}/**/*.ts`, { cwd: SOURCES }).sort(),
  );
  for (const file of files) hash.update(file).update(readFileSync(join(SOURCES, file)));
  return hash.digest('hex');
}

/** A function that gives the score of a run: from the cache folder, or by running it. */
export function taskRunner(
  context: BenchContext,
): (sample: StoredSample, run: TaskRun) => Promise<TaskScore> {
  const folder = join(cacheFolder(), 'bench-tasks');
  mkdirSync(folder, { recursive: true });
  const program = programHash();
  return async ({ selection, hash }, run) => {
    const known = createHash('sha256').update(JSON.stringify({ program, data: hash, ...run }));
    const name = known.digest('hex').slice(0, 24);
    const file = join(folder, `${name}.json`);
    if (existsSync(file)) return taskScoreSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const work = join(context.folder, name);
    mkdirSync(join(work, 'checkpoints'), { recursive: true });
    const output = join(work, 'score.json');
    const setting: TaskSetting = { ...run, selection, work, output };
    const worker = await startWorker('task.ts', setting, context.python);
    await worker.run(1);
    await worker.end();
    const score = taskScoreSchema.parse(JSON.parse(readFileSync(output, 'utf8')));
    writeFileSync(`${file}.part`, JSON.stringify(score));
    renameSync(`${file}.part`, file);
    rmSync(work, { recursive: true });
    return score;
  };
}
