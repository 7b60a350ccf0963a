/**
 * Real studies with the real trainer: killed at any moment, they end as if nothing had happened; and datasets
 * of different shapes pretrain together.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runSchema } from '../../src/contract/entities.ts';
import { studyResultSchema, type StudyResult } from '../../src/contract/result.ts';
import { readCheckpoint } from '../../src/training/checkpoint-file.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const RECIPE = `name: Survival
data:
  import: { noise: { path: images, split: { by: random, seed: 3 } } }
  pretrain: [noise]
encoder: { options: { width: 8, stages: 3, features: 32 } }
pretext: { epochs: 40, batchSize: 32, checkpointEverySteps: 5, probeEveryEpochs: 10, seed: 9 }
finetune: { budgets: [{ perClass: 8 }], arms: [pretrained, baseline], seeds: 2, epochs: 40, minimumSteps: 120, checkpointEverySteps: 20 }
`;

let folder: string;
const inFolder = (name: string) => join(folder, name);

interface Running {
  child: ChildProcess;
  ended: Promise<{ status: number | null; stdout: string; stderr: string }>;
}

function begin(argv: string[]): Running {
  const child = spawn(process.execPath, [cli, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr }))),
  };
}

const study = (project: string, recipe = 'survival.yaml') =>
  begin(['study', 'run', recipe, '--project', project, '--json']);

async function finished(running: Running): Promise<StudyResult> {
  const { status, stdout, stderr } = await running.ended;
  expect(stderr).not.toContain('    at ');
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return studyResultSchema.parse(JSON.parse(stdout));
}

/** Processes below one, as long as they live: the service below the command line, the trainer below the service. */
function childrenOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  return rows.filter(([, parent]) => parent === pid).map(([child]) => child!);
}

/** The pretext run's newest checkpoint so far, as a step. */
async function lastStep(project: string): Promise<number> {
  const files = await readdir(join(inFolder(project), 'checkpoints')).catch(() => []);
  return Math.max(0, ...files.map((file) => Number(/-last-(\d+)\.safetensors$/.exec(file)?.[1] ?? 0)));
}

async function weightsOf(project: string): Promise<unknown[]> {
  const all = join(inFolder(project), 'checkpoints');
  const files = (await readdir(all)).filter((file) => /-(last|best)-\d+\.safetensors$/.test(file)).sort();
  const read = await Promise.all(files.map((file) => readCheckpoint(join(all, file))));
  const described = read.map(({ tensors, metadata }) => ({ tensors, metadata: { ...metadata, runId: '' } }));
  // Runs have names of their own in each project; what is in their checkpoints must be the same.
  return described.sort((a, b) => (JSON.stringify(a.metadata) < JSON.stringify(b.metadata) ? -1 : 1));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-survival-'));
  await writeSmallImages(inFolder('images'), 80);
  await writeFile(inFolder('survival.yaml'), RECIPE);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a study', () => {
  it('ends bit for bit alike, whether its trainer, its service or its command line was killed or not', async () => {
    const expected = await finished(study('undisturbed'));

    const first = study('disturbed');
    await until('training began', async () => (await lastStep('disturbed')) >= 10);
    const [service] = childrenOf(first.child.pid!);
    const [trainer] = childrenOf(service!);
    process.kill(trainer!, 'SIGKILL');
    await until('training went on', async () => (await lastStep('disturbed')) >= 40);
    process.kill(service!, 'SIGKILL');
    const died = await first.ended;
    expect(died.status).toBe(1);
    expect(died.stderr).not.toContain('    at ');

    const second = study('disturbed');
    await until('training went on again', async () => (await lastStep('disturbed')) >= 80);
    const [again] = childrenOf(second.child.pid!);
    second.child.kill('SIGKILL');
    await second.ended;
    await until('the service ended as well', () => !isAlive(again!));

    const found = await finished(study('disturbed'));
    expect(found.results).toEqual(expected.results);
    expect(found.summary).toEqual(expected.summary);
    expect(await weightsOf('disturbed')).toEqual(await weightsOf('undisturbed'));
  });

  it('can be paused and resumed from another command line', async () => {
    // Long enough for several command lines to be typed meanwhile.
    await writeFile(inFolder('long.yaml'), RECIPE.replace('epochs: 40, batchSize', 'epochs: 250, batchSize'));
    const running = study('paused', 'long.yaml');
    await until('training began', async () => (await lastStep('paused')) >= 5);
    const runs = async () => {
      const { stdout } = await begin(['runs', '--project', 'paused', '--json']).ended;
      return z.object({ runs: z.array(runSchema) }).parse(JSON.parse(stdout)).runs;
    };
    const pretextRun = (await runs()).find((run) => run.kind === 'pretext')!;
    expect((await begin(['run', 'pause', pretextRun.id, '--project', 'paused']).ended).status).toBe(0);
    await until(
      'it is paused',
      async () => (await runs()).find((run) => run.id === pretextRun.id)!.status === 'paused',
    );
    expect((await begin(['run', 'resume', pretextRun.id, '--project', 'paused']).ended).status).toBe(0);
    const again = study('paused', 'long.yaml');
    const results = await Promise.all([running.ended, again.ended]);
    expect(results.at(-1)!.status).toBe(0);
    const found = studyResultSchema.parse(JSON.parse(results.at(-1)!.stdout));
    expect(found.results).toHaveLength(4);
  });

  it('pretrains on datasets of different size and colour together, and fine-tunes on one of them', async () => {
    const colored = inFolder('colored');
    await writeSmallImages(inFolder('small-grey'), 60, ['left', 'right']);
    await writeSmallImages(colored, 1, ['unused']);
    for (let i = 0; i < 70; i++) {
      const raw = { width: 24, height: 20, channels: 3 as const };
      const pixels = Uint8Array.from({ length: 24 * 20 * 3 }, (_, k) => (k * (i + 3) * 31) % 256);
      await sharp(pixels, { raw })
        .png()
        .toFile(join(colored, 'unused', `more-${i}.png`));
    }
    await writeFile(
      inFolder('together.yaml'),
      `name: Together
data:
  import: { grey: { path: small-grey }, colored: { path: colored } }
  pretrain: [grey, colored]
  finetune: grey
encoder: { options: { width: 8, stages: 2, features: 16 } }
pretext: { epochs: 2, batchSize: 16 }
finetune: { budgets: [{ perClass: 5 }], arms: [pretrained], seeds: 1, epochs: 2, minimumSteps: 4 }
`,
    );
    const result = await finished(study('together', 'together.yaml'));
    expect(result.results.map((row) => row.dataset)).toEqual(['grey']);
    const shards = await readdir(join(inFolder('together'), 'shards'));
    // Two originals, and one brought to the shape of the other.
    expect(shards.length).toBe(3);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
