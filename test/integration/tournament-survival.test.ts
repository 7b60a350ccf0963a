/**
 * A tournament with the real trainer whose whole process group is killed in the middle of a round, and that is
 * begun again: what was finished stays as it is, to the time stamp, and what was not goes on.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Checkpoint, Run } from '../../src/contract/entities.ts';
import { studyResultSchema } from '../../src/contract/results/result.ts';
import {
  closeProject,
  listCheckpoints,
  listRuns,
  openProject,
  readMetrics,
} from '../../src/project/index.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const RECIPE = `name: Which task
data:
  import: { noise: { path: images, split: { by: random, seed: 3 } } }
  pretrain: [noise]
encoder: { options: { width: 8, stages: 2, features: 16 } }
pretext: { checkpointEverySteps: 5 }
tournament: { tasks: [rotation, denoising], learningRates: [1], rounds: 1, epochs: 40, train: false }
`;

let folder: string;
let project: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-tournament-'));
  project = join(folder, 'study');
  await writeSmallImages(join(folder, 'images'), 80);
  await writeFile(join(folder, 'recipe.yaml'), RECIPE);
});
afterAll(() => rm(folder, { recursive: true }));

/** A command line at the head of a process group of its own. */
function begin() {
  const argv = [cli, 'study', 'run', 'recipe.yaml', '--project', project, '--json'];
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(stdout)));
  return { ended, killGroup: () => process.kill(-child.pid!, 'SIGKILL') };
}

interface Seen {
  run: Run;
  checkpoints: Checkpoint[];
  steps: number[];
}

function look(): Seen[] {
  const opened = openProject(project);
  try {
    return listRuns(opened).map((run) => ({
      run,
      checkpoints: listCheckpoints(opened, run.id),
      steps: readMetrics(opened, run.id).map(({ step }) => step),
    }));
  } finally {
    closeProject(opened);
  }
}

const isDone = ({ run }: Seen) => run.status === 'done';

it('goes on where it was killed, and touches nothing that was finished', async () => {
  const first = begin();
  await until('pacing is over and the first of the round has a checkpoint', () => {
    if (!existsSync(join(project, 'project.db'))) return false;
    const seen = look();
    const running = seen.find(({ run }) => run.status === 'running');
    return seen.filter(isDone).length >= 2 && (running?.checkpoints.length ?? 0) > 0;
  });
  first.killGroup();
  await first.ended;
  const before = look();
  const finished = before.filter(isDone);
  const broken = before.find((one) => !isDone(one) && one.run.startedAt !== null)!;
  expect(finished.length).toBeGreaterThanOrEqual(2);

  const result = studyResultSchema.parse(JSON.parse(await begin().ended));
  const after = look();
  expect(after).toHaveLength(4);
  expect(after.every(isDone)).toBe(true);
  for (const one of finished) expect(after.find(({ run }) => run.id === one.run.id)).toEqual(one);
  const mended = after.find(({ run }) => run.id === broken.run.id)!;
  expect(mended.run.startedAt).toBe(broken.run.startedAt);
  expect(mended.steps).toEqual([...new Set(mended.steps)]);
  expect(result.tournament?.recommendation?.interval).not.toBeNull();
  expect(result.tournament?.rounds.map(({ round, candidates }) => [round, candidates.length])).toEqual([
    [0, 2],
    [1, 2],
  ]);
});
