/**
 * Real studies with the real trainer: killed at any moment, they end as if nothing had happened; and datasets
 * of different shapes pretrain together.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runSchema } from '../../src/contract/entities.ts';
import { studyResultSchema, type StudyResult } from '../../src/contract/results/result.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';
import {
  SURVIVAL_RECIPE,
  beginPretext,
  childrenOf,
  isAlive,
  lastStep,
  weightsOf,
  writeSurvivalStudy,
  type Running,
} from '../fixtures/survival.ts';

let folder: string;
const inFolder = (name: string) => join(folder, name);

const begin = (argv: string[]) => beginPretext(folder, argv);
const study = (project: string, recipe = 'survival.yaml') =>
  begin(['study', 'run', recipe, '--project', project, '--json']);

async function finished(running: Running): Promise<StudyResult> {
  const { status, stdout, stderr } = await running.ended;
  expect(stderr).not.toContain('    at ');
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return studyResultSchema.parse(JSON.parse(stdout));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-survival-'));
  await writeSurvivalStudy(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a study', () => {
  it('ends bit for bit alike, whether its trainer, its service or its command line was killed or not', async () => {
    const expected = await finished(study('undisturbed'));

    const first = study('disturbed');
    await until('training began', async () => (await lastStep(inFolder('disturbed'))) >= 10);
    const [service] = childrenOf(first.child.pid!);
    const [trainer] = childrenOf(service!);
    process.kill(trainer!, 'SIGKILL');
    await until('training went on', async () => (await lastStep(inFolder('disturbed'))) >= 40);
    process.kill(service!, 'SIGKILL');
    const died = await first.ended;
    expect(died.status).toBe(1);
    expect(died.stderr).not.toContain('    at ');

    const second = study('disturbed');
    await until('training went on again', async () => (await lastStep(inFolder('disturbed'))) >= 80);
    const [again] = childrenOf(second.child.pid!);
    second.child.kill('SIGKILL');
    await second.ended;
    await until('the service ended as well', () => !isAlive(again!));

    const found = await finished(study('disturbed'));
    expect(found.results).toEqual(expected.results);
    expect(found.summary).toEqual(expected.summary);
    expect(await weightsOf(inFolder('disturbed'))).toEqual(await weightsOf(inFolder('undisturbed')));
  });

  it('can be paused and resumed from another command line', async () => {
    // Long enough for several command lines to be typed meanwhile.
    await writeFile(
      inFolder('long.yaml'),
      SURVIVAL_RECIPE.replace('epochs: 40, batchSize', 'epochs: 250, batchSize'),
    );
    const running = study('paused', 'long.yaml');
    await until('training began', async () => (await lastStep(inFolder('paused'))) >= 5);
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
    // The command line before may just be ending, and its service with it: then a person asks again.
    await until(
      'it is resumed',
      async () => (await begin(['run', 'resume', pretextRun.id, '--project', 'paused']).ended).status === 0,
    );
    const again = study('paused', 'long.yaml');
    const results = await Promise.all([running.ended, again.ended]);
    expect(results.at(-1)!.status).toBe(0);
    const found = studyResultSchema.parse(JSON.parse(results.at(-1)!.stdout));
    expect(found.results).toHaveLength(8);
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
    const files = await readdir(join(inFolder('together'), 'shards'));
    // Two originals, one brought to the shape of the other, and the channel statistics of that one.
    expect(files.filter((name) => !name.endsWith('.json')).length).toBe(3);
    expect(files.filter((name) => name.endsWith('.json')).length).toBe(1);
  });
});
