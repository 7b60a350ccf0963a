/** A real small disk that fills up: a study pauses, says what is needed, and goes on when there is room; so does all else that is written. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectService } from '../../src/client/service.ts';
import { studyResultSchema } from '../../src/contract/results/result.ts';
import type { Prediction } from '../../src/contract/model/prediction.ts';
import { finetuneSchema, recipeSchema } from '../../src/contract/recipe/recipe.ts';
import { PROGRAM_VERSION } from '../../src/host/version.ts';
import { writeFolder } from '../../src/machine/whole-folder.ts';
import { runFinetune } from '../../src/training/finetune/run.ts';
import { loadModel } from '../../src/training/models/load.ts';
import { openPredictionsFile } from '../../src/training/models/output/predictions-file.ts';
import { startJob } from '../../src/worker/run-job.ts';
import { fakeServiceHost, fakeTrainerHost } from '../fixtures/hosts.ts';
import { describedModel, modelNote } from '../fixtures/models.ts';
import { recorder } from '../fixtures/recorder.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { writeStripes } from '../fixtures/stripes.ts';
import { smallRecipe, until, untilStudy } from '../fixtures/studies.ts';
import { beginPretext, isAlive, lastStep, weightsOf, writeSurvivalStudy } from '../fixtures/survival.ts';
import { childrenOf } from '../fixtures/survival.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-full-disk-'));
const disk = join(folder, 'disk');

/** Needs the right to mount: a container's root has it, few others do. */
function mountSmallDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const mounted = process.platform === 'linux' && mountSmallDisk();

beforeAll(() => writeSurvivalStudy(folder));
afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true });
});

const study = (project: string) =>
  beginPretext(folder, ['study', 'run', 'survival.yaml', '--project', project, '--json']);

function fill(): string {
  const file = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(file, Buffer.alloc(bavail * bsize));
  } catch {
    // Somebody else wrote meanwhile: what was written fills it.
  }
  return file;
}

describe.skipIf(!mounted)('a study whose disk fills up', () => {
  it('pauses, says what it needs, keeps its service, and ends bit for bit alike once there is room', async () => {
    const undisturbed = await study('undisturbed').ended;
    expect(undisturbed.status).toBe(0);
    const project = join(disk, 'study');
    const running = study(project);
    await until('training began', async () => (await lastStep(project)) >= 20, 120_000);
    const [service] = childrenOf(running.child.pid!);
    const filler = fill();
    // Whoever meets it first says it; how much is needed, the queue says.
    const needed = /The disk is full.*Free at least \d+ MB there/s;
    await until(
      'it says that the disk is full, and what it needs',
      () => needed.test(running.said()),
      120_000,
    );
    // Several heartbeats, looks of the watcher and lines of the log without room for any of them.
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(isAlive(service!)).toBe(true);
    expect(running.child.exitCode).toBeNull();
    rmSync(filler);
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const results = (text: string) => studyResultSchema.parse(JSON.parse(text)).results;
    expect(results(stdout)).toEqual(results(undisturbed.stdout));
    expect(await weightsOf(project)).toEqual(await weightsOf(join(folder, 'undisturbed')));
  });
});

const FULL = {
  failure: { code: 'disk.full', remedy: expect.stringContaining('Free some space.') as unknown },
};

describe.skipIf(!mounted)('what is written while the disk fills up', () => {
  // Whatever an earlier test left there, a failed one too.
  beforeEach(() => {
    for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
  });

  it('a job elsewhere is told by its place, though not even its status can be written, and goes on with room', async () => {
    const images = join(folder, 'images');
    await writeSmallImages(images);
    const service = await connectService(fakeServiceHost(), {
      folder: join(folder, 'away'),
      createName: 'Away',
    });
    const bundle = join(disk, 'bundle');
    try {
      const recipe = recipeSchema.parse({ ...smallRecipe(images), device: { on: 'slurm', threads: 1 } });
      const { id: studyId } = await service.client.study.start({ recipe });
      await untilStudy(service.client, studyId, 'paused');
      await service.client.away.pack({ studyId, folder: bundle });
    } finally {
      await service.close();
    }
    const compute = async () =>
      (await startJob(bundle, 1, { host: fakeTrainerHost(), program: PROGRAM_VERSION })).ended;
    const filler = fill();
    const place = expect.stringContaining(join('results', '000001')) as unknown;
    await expect(compute()).rejects.toMatchObject({ failure: { ...FULL.failure, place } });
    rmSync(filler);
    expect(await compute()).toEqual({ kind: 'done' });
  });

  /** More than a block of the disk holds. */
  const rowsOf = (part: number): Prediction[] =>
    Array.from({ length: 400 }, (_, row) => ({
      source: `${part}-${row}.png`,
      sample: null,
      startSeconds: null,
      values: [0.25, 0.75],
      percentile: null,
      nearest: [],
    }));
  const noFeatures = { values: new Float32Array(0), rows: 0, columns: 0 };

  async function answerAll(place: string, beforeStep: (step: number) => void = () => {}): Promise<string> {
    const file = join(place, 'answers.csv');
    const output = { file, format: 'csv' as const, overwrite: false, embeddings: false };
    const answers = await openPredictionsFile({ output }, modelNote('aaaaaaaaaa-1').model, 'samples');
    try {
      if (answers.partsDone === 0) await answers.begin([]);
      for (let part = answers.partsDone; part < 2; part += 1) {
        beforeStep(part);
        await answers.append(rowsOf(part), noFeatures);
        await answers.endPart();
      }
      beforeStep(2);
      await answers.finish();
      return readFileSync(file, 'utf8');
    } finally {
      await answers.close();
    }
  }

  it.each([1, 2])('answers are kept and gone on with (full before step %i of 2)', async (step) => {
    const undisturbed = await answerAll(mkdtempSync(join(folder, 'answers-')));
    const place = join(disk, 'answers');
    mkdirSync(place);
    let filler = '';
    const interrupted = answerAll(place, (now) => {
      if (now === step) filler = fill();
    });
    await expect(interrupted).rejects.toMatchObject({
      failure: {
        ...FULL.failure,
        remedy: expect.stringContaining('what is done already is kept') as unknown,
      },
    });
    expect(readdirSync(place).filter((name) => !name.startsWith('.'))).toEqual([]);
    rmSync(filler);
    const repeated: number[] = [];
    expect(await answerAll(place, (now) => void repeated.push(now))).toBe(undisturbed);
    expect(repeated[0]).toBe(step);
    expect(readdirSync(place)).toEqual(['answers.csv']);
    rmSync(place, { recursive: true });
  });

  it('an export appears whole or not at all', async () => {
    const exported = join(disk, 'exported');
    const files = ['model.onnx', 'README.md'].map((path) => ({
      path,
      contents: Buffer.alloc(2 ** 20, path),
    }));
    const filler = fill();
    await expect(writeFolder(exported, files)).rejects.toMatchObject(FULL);
    expect(readdirSync(disk)).toEqual(['filler']);
    rmSync(filler);
    await writeFolder(exported, files);
    expect(readFileSync(join(exported, 'README.md')).equals(files[1]!.contents)).toBe(true);
    rmSync(exported, { recursive: true });
  });

  it('a model that could not be kept is told before its result, and the run is repeated with the same model', async () => {
    const data = mkdtempSync(join(folder, 'data-'));
    const dataset = await writeStripes(data, 96);
    let filler = '';
    const train = async (projectFolder: string, whenBest: () => void) => {
      const record = recorder();
      await runFinetune(
        {
          kind: 'finetune',
          runId: 'aaaaaaaaaa',
          projectFolder,
          inputShape: dataset.shape,
          modality: 'image',
          encoder: { family: 'residual', options: { width: 8, stages: 2, features: 16 } },
          threads: 1,
          resumeFrom: null,
          arm: 'baseline',
          budget: { perClass: 8 },
          metric: 'balanced-accuracy',
          target: 'classes',
          finetune: finetuneSchema.parse({
            seeds: 1,
            epochs: 1,
            minimumSteps: 4,
            batchSize: 16,
            patience: 0,
          }),
          dataset,
          checkpoint: null,
          finishedSeeds: [],
          model: describedModel('aaaaaaaaaa', dataset),
        },
        {
          ...record,
          checkpoint: (note) => {
            record.checkpoint(note);
            if (note.kind === 'best') whenBest();
          },
          result: (...told) => {
            results += 1;
            record.result(...told);
          },
        },
      );
      return record.models[0]!.model;
    };
    let results = 0;
    const project = join(disk, 'project');
    mkdirSync(project);
    await expect(train(project, () => (filler = fill()))).rejects.toMatchObject(FULL);
    expect(results).toBe(0);
    expect(readdirSync(join(project, 'models'))).toEqual([]);
    rmSync(filler);
    const model = await train(project, () => {});
    expect(results).toBe(1);
    const kept = join(project, 'models', model.id);
    expect(existsSync(kept)).toBe(true);
    const elsewhere = await train(mkdtempSync(join(folder, 'undisturbed-')), () => {});
    expect(model.members[0]!.sha256).toBe(elsewhere.members[0]!.sha256);
    expect((await loadModel(kept)).model.id).toBe(model.id);
  });
});
