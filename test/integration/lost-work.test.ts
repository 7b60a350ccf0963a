/** Real few-label studies whose trainer is killed, or whose checkpoints are gone or damaged: no work is lost. */
import { mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkpointSchema, runSchema, type Checkpoint, type Run } from '../../src/contract/entities.ts';
import { studyResultSchema, type StudyResult } from '../../src/contract/results/result.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';
import { beginPretext, childrenOf, lastStep, weightsOf, type Running } from '../fixtures/survival.ts';

const FEW_LABELS = `name: Few labels
data:
  import: { noise: { path: images, split: { by: random, seed: 3 } } }
  pretrain: [noise]
encoder: { options: { width: 8, stages: 2, features: 16 } }
pretext: { epochs: 2, batchSize: 32, seed: 9 }
finetune: { budgets: [{ perClass: 5 }], arms: [pretrained, baseline], seeds: 5, epochs: 10, minimumSteps: 150 }
`;
const LONG_PRETEXT = `name: Long pretext
data:
  import: { noise: { path: images, split: { by: random, seed: 3 } } }
  pretrain: [noise]
encoder: { options: { width: 8, stages: 2, features: 16 } }
pretext: { task: rotation, epochs: 60, batchSize: 32, checkpointEverySteps: 5, probeEveryEpochs: 0, seed: 9 }
finetune: { budgets: [{ perClass: 5 }], arms: [pretrained], seeds: 1, minimumSteps: 10, epochs: 1 }
`;

let folder: string;
const inFolder = (...parts: string[]) => join(folder, ...parts);
const begin = (...argv: string[]) => beginPretext(folder, argv);
const study = (project: string, recipe: string) =>
  begin('study', 'run', recipe, '--project', project, '--json');

async function finished(running: Running): Promise<StudyResult> {
  const { status, stdout, stderr } = await running.ended;
  expect(stderr).not.toContain('    at ');
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return studyResultSchema.parse(JSON.parse(stdout));
}

async function runsOf(project: string): Promise<Run[]> {
  const { stdout } = await begin('runs', '--project', project, '--json').ended;
  return z.object({ runs: z.array(runSchema) }).parse(JSON.parse(stdout)).runs;
}

/** As they are listed: the newest first. */
async function checkpointsOf(project: string): Promise<Checkpoint[]> {
  const { stdout } = await begin('checkpoints', '--project', project, '--json').ended;
  return z.object({ checkpoints: z.array(checkpointSchema) }).parse(JSON.parse(stdout)).checkpoints;
}

function killTrainer({ child }: Running): void {
  const [service] = childrenOf(child.pid!);
  const [trainer] = childrenOf(service!);
  process.kill(trainer!, 'SIGKILL');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-lost-work-'));
  await writeSmallImages(inFolder('images'), 80);
  await writeFile(inFolder('few.yaml'), FEW_LABELS);
  await writeFile(inFolder('long.yaml'), LONG_PRETEXT);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a few-label fine-tuning', () => {
  it('whose trainer is killed amid “seed 2 of 5” goes on with seed 2 and ends bit for bit alike', async () => {
    const expected = await finished(study('undisturbed', 'few.yaml'));
    const disturbed = study('disturbed', 'few.yaml');
    for (const [arm, seed] of [
      ['pretrained-1', 2],
      ['baseline-1', 2],
      ['baseline-1', 5],
    ] as const) {
      await until(`${arm} trains`, () => disturbed.said().includes(`${arm}: seed ${seed} of 5`), 120_000);
      killTrainer(disturbed);
    }
    const found = await finished(disturbed);
    expect(found.results).toEqual(expected.results);
    expect(found.summary).toEqual(expected.summary);
    expect(await weightsOf(inFolder('disturbed'))).toEqual(await weightsOf(inFolder('undisturbed')));
    // Seeds that were finished before the deaths were not trained again: the progress never went back to them.
    expect(disturbed.said().split('baseline-1: seed 1 of 5')).toHaveLength(2);
  });
});

describe('a run that is to be resumed', () => {
  it('pauses and says why when its checkpoint is not there, and goes on when it is back', async () => {
    const running = study('gone', 'long.yaml');
    await until('it trains', async () => (await lastStep(inFolder('gone'))) >= 20);
    running.child.kill('SIGKILL');
    await running.ended;
    const checkpoints = inFolder('gone', 'checkpoints');
    await until('its processes are gone', async () => {
      const before = await lastStep(inFolder('gone'));
      await new Promise((resolve) => setTimeout(resolve, 500));
      return before === (await lastStep(inFolder('gone')));
    });
    await rename(checkpoints, inFolder('elsewhere'));

    const paused = await study('gone', 'long.yaml').ended;
    expect(paused.status).not.toBe(0);
    expect(paused.stderr).toContain('not there any more');
    const [run] = await runsOf('gone');
    expect(run).toMatchObject({ status: 'paused', failure: { code: 'checkpoint.missing' } });

    await rm(checkpoints, { recursive: true });
    await rename(inFolder('elsewhere'), checkpoints);
    const again = study('gone', 'long.yaml');
    await finished(again);
    // It went on from its checkpoint and did not begin anew.
    expect(again.said()).not.toContain('epoch 1 of 60');
  });

  it('goes on from the checkpoint before when it is resumed by itself, as the file stays lost', async () => {
    const running = study('lost', 'long.yaml');
    await until('it trains', async () => (await lastStep(inFolder('lost'))) >= 20);
    running.child.kill('SIGKILL');
    await running.ended;
    const [{ file } = { file: '' }] = await checkpointsOf('lost');
    await rm(inFolder('lost', 'checkpoints', file));
    expect((await study('lost', 'long.yaml').ended).stderr).toContain('not there any more');
    const again = begin('run', 'resume', 'rotation-1', '--project', 'lost');
    expect(await again.ended).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('done') as unknown,
    });
    expect(again.said()).not.toContain('epoch 1 of 60');
  });

  it('sets a damaged checkpoint aside under another name and goes back to the one before', async () => {
    const running = study('damaged', 'long.yaml');
    await until('it trains', async () => (await lastStep(inFolder('damaged'))) >= 20);
    running.child.kill('SIGKILL');
    await running.ended;
    const checkpoints = inFolder('damaged', 'checkpoints');
    const [run] = await runsOf('damaged');
    const [{ file } = { file: '' }] = await checkpointsOf('damaged');
    const bytes = await readFile(join(checkpoints, file));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(join(checkpoints, file), bytes);

    await finished(study('damaged', 'long.yaml'));
    expect((await readdir(checkpoints)).filter((name) => name.endsWith('.broken'))).toEqual([
      `${file}.broken`,
    ]);
    expect(await readFile(join(checkpoints, `${file}.broken`))).toEqual(bytes);
    expect((await runsOf('damaged')).find(({ id }) => id === run!.id)!.status).toBe('done');
  });
});
