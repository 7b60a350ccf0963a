/** Runs of the bench of tasks, each kept when it is done: what was interrupted goes on where it was. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../../build/setup/paths.mjs';
import programPackage from '../../../package.json' with { type: 'json' };
import { findPretextTask, pretextOptions } from '../../../src/learning/pretext/registry.ts';
import { startWorker } from '../worker.ts';
import type { BenchContext } from './context.ts';
import type { StoredSample } from './task-samples.ts';
import { taskScoreSchema, type TaskScore, type TaskSetting } from './task-setting.ts';

/** What a run is, wherever its files lie. */
export type TaskRun = Omit<TaskSetting, 'selection' | 'work' | 'output'>;

/** A function that gives the score of a run: from the cache folder, if this version has run it, or by running it. */
export function taskRunner(
  context: BenchContext,
): (sample: StoredSample, run: TaskRun) => Promise<TaskScore> {
  const folder = join(cacheFolder(), 'bench-tasks');
  mkdirSync(folder, { recursive: true });
  return async (sample, run) => {
    const known = createHash('sha256').update(JSON.stringify(identityOf(sample, run)));
    const name = known.digest('hex').slice(0, 24);
    const file = join(folder, `${name}.json`);
    if (existsSync(file)) return taskScoreSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const work = join(context.folder, name);
    mkdirSync(join(work, 'checkpoints'), { recursive: true });
    const output = join(work, 'score.json');
    const setting: TaskSetting = { ...run, selection: sample.selection, work, output };
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

/** All that a score depends on: data, settings, the task's proposals for these data, and the program's version. */
function identityOf({ hash, modality, shape, trainingCount }: StoredSample, run: TaskRun) {
  const context = { modality, inputShape: shape, sampleCount: trainingCount };
  const proposed = run.task !== null && {
    options: pretextOptions(run.task, run.options ?? {}, context),
    training: findPretextTask(run.task, modality).defaults(context).training,
  };
  return { version: programPackage.version, data: hash, ...run, proposed };
}
