import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBundle } from '../../../../src/bundle/files.ts';
import { placeJob, readPackedJob } from '../../../../src/bundle/job.ts';
import type { PackWish } from '../../../../src/contract/elsewhere/away.ts';
import type { PretextRunConfig } from '../../../../src/contract/recipe/run-config.ts';
import type { QuestionProgress } from '../../../../src/contract/messages/trainer.ts';
import {
  findDataset,
  getRun,
  getStudy,
  listAway,
  listRunsOf,
  readHeldLabels,
  setStudyStatus,
  shardFile,
  updateRun,
} from '../../../../src/project/index.ts';
import type { PackWatch } from '../../../../src/service/elsewhere/pack-jobs.ts';
import { packStudy } from '../../../../src/service/elsewhere/pack.ts';
import { planOf } from '../../../../src/service/elsewhere/plan.ts';
import { prepareJob } from '../../../../src/service/runs/jobs.ts';
import type { Questions } from '../../../../src/service/trainers/questions.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';
import { waitingStudy } from '../../../fixtures/waiting-studies.ts';
import { playedHost, workplaceOf } from '../../../fixtures/workplaces.ts';

/** Three runs that wait; a trainer says that 300.5 MiB are needed, or nothing. */
function waiting(answer: () => unknown = () => [need(300.5), need(20)]) {
  const { project, study } = waitingStudy();
  const folder = join(temporaryFolder(), 'bundles', 'first');
  // Of each run it measures, the trainer says that its only step took a moment.
  const { host } = playedHost((trainer) => {
    trainer.say(oneStep);
    trainer.say({ type: 'done' });
  });
  const questions = { ask: async () => answer() } as unknown as Pick<Questions, 'ask'>;
  const pack = (wish: Partial<PackWish> = {}, watch: PackWatch = {}) =>
    packStudy(workplaceOf(project, host), questions, { studyId: study.id, folder, ...wish }, watch);
  return { project, study, folder, pack, runs: () => listRunsOf(project, study.id).map(({ run }) => run) };
}
const oneStep = {
  type: 'progress' as const,
  progress: {
    step: 1,
    steps: 1,
    epoch: 1,
    epochs: 1,
    loss: 1,
    learningRate: 1,
    samplesPerSecond: null,
    secondsLeft: null,
    phase: 'Training',
  },
};
const need = (mebibytes: number) => ({
  stage: 'pretext',
  stepBytes: 0,
  fixedBytes: mebibytes * 2 ** 20,
  stateBytes: 0,
  batchSize: 8,
  accumulation: 1,
  accumulates: false,
});

describe('a packed study', () => {
  it('is a job for each run, with the data once, and away from then on', async () => {
    const { project, study, folder, pack, runs } = waiting();
    const { report, changes } = await pack({ minutes: 30 });
    expect(report.names).toEqual(['simclr-1', 'pretrained-1', 'baseline-1']);
    expect(report.bundle).toMatchObject({
      project: 'A',
      study: { id: study.id, name: 'A study' },
      jobs: 3,
      // What begins with the pretraining waits for it.
      stages: ['1,3', '2'],
      threads: 2,
      resources: { minutes: 30 },
    });
    expect(report.bundle.resources.memoryMiB).toBeGreaterThan(300);
    expect(readBundle(folder)).toEqual(report.bundle);
    expect(readdirSync(join(folder, 'jobs'))).toHaveLength(3);
    const [shard, ...others] = readdirSync(join(folder, 'shards'));
    expect(others).toEqual([]);
    const stored = shardFile(project.folder, findDataset(project, 'small')!.shard);
    expect(readFileSync(join(folder, 'shards', shard!)).equals(readFileSync(stored))).toBe(true);
    expect(runs().map(({ status }) => status)).toEqual(['away', 'away', 'away']);
    expect(getStudy(project, study.id).study.status).toBe('away');
    expect(changes.runIds.toSorted()).toEqual(
      runs()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(listAway(project, report.bundle.id).map(({ job, merged }) => [job, merged])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(readdirSync(join(folder, '..'))).toEqual(['first']);
  });

  it('says how long its jobs take, where nobody has said it: the longest of each stage', async () => {
    const { folder, pack } = waiting();
    const { bundle } = (await pack()).report;
    expect(bundle.resources.minutes).toBeNull();
    expect(bundle.resources.stageTimes).toEqual([
      expect.objectContaining({ minutes: 10, steps: 1, measured: 'first-steps', threads: 2, unmeasured: 0 }),
      expect.objectContaining({ minutes: 10, run: 'pretrained-1' }),
    ]);
    expect([1, 2, 3].map((index) => readPackedJob(folder, bundle, index).time?.run)).toEqual([
      'simclr-1',
      // Of two that take as long the first was measured.
      'pretrained-1',
      'pretrained-1',
    ]);
    const { resources } = (await pack({ folder: `${folder}-3`, timed: false })).report.bundle;
    expect(resources).toEqual({ memoryMiB: expect.any(Number), minutes: null });
    const said = (await pack({ folder: `${folder}-2`, minutes: 30 })).report.bundle;
    expect(said.resources).toMatchObject({ minutes: 30 });
    expect([said.resources.stageTimes, readPackedJob(`${folder}-2`, said, 1).time]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('tells how far it is, and packs nothing where that ends it', async () => {
    const { project, study, folder, pack, runs } = waiting();
    const told: string[] = [];
    const say = ({ phase, done, total }: QuestionProgress) => told.push(`${phase}: ${done} of ${total}`);
    for (const last of ['Measuring how long kinds of runs take', 'Writing jobs']) {
      const abort = new AbortController();
      const onProgress = (progress: QuestionProgress) => {
        if (progress.phase === last) abort.abort();
      };
      await expect(pack({}, { signal: abort.signal, onProgress })).rejects.toThrow(/abort/);
      expect(existsSync(folder)).toBe(false);
      const beside = dirname(folder);
      expect(existsSync(beside) ? readdirSync(beside) : []).toEqual([]);
      expect(runs().map(({ status }) => status)).not.toContain('away');
    }
    // The labels that it was to be packed with are not held for what never began.
    expect(readHeldLabels(project, study.id)).toEqual({});
    await pack({}, { onProgress: say });
    expect(Object.keys(readHeldLabels(project, study.id))).toHaveLength(1);
    expect(told).toEqual([
      'Measuring how long kinds of runs take: 0 of 2',
      'Measuring how long kinds of runs take: 1 of 2',
      'Writing jobs: 0 of 3',
    ]);
  });

  it('is refused where a run has begun here meanwhile, and nothing of it is left', async () => {
    const { project, folder, pack, runs } = waiting();
    const [first] = runs();
    const onProgress = ({ phase }: QuestionProgress) => {
      if (phase === 'Writing jobs') updateRun(project, first!.id, { status: 'running' });
    };
    await expect(pack({}, { onProgress })).rejects.toMatchObject({
      failure: {
        code: 'study.changed',
        message: expect.stringMatching(/^simclr-1 was .*, and is running now/),
      },
    });
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(dirname(folder))).toEqual([]);
    expect(runs().map(({ status }) => status)).not.toContain('away');
  });

  it('names no place of this computer, and what begins with a job knows which', async () => {
    const { project, folder, pack } = waiting();
    const { bundle } = (await pack()).report;
    for (const name of readdirSync(join(folder, 'jobs')))
      expect(readFileSync(join(folder, 'jobs', name), 'utf8')).not.toContain(project.folder);
    const [pretext, pretrained, baseline] = [1, 2, 3].map((index) => readPackedJob(folder, bundle, index));
    expect(pretext!.startsFrom).toBeNull();
    expect(pretrained!.startsFrom).toMatchObject({ job: 1 });
    expect(baseline!.startsFrom).toBeNull();
    const placed = placeJob(folder, pretext!, 1);
    expect(placed.job).toMatchObject({ kind: 'pretext', pretext: { task: 'simclr' } });
    expect(Object.keys(placed.places.shards)).toEqual(['small']);
    expect(() => placeJob(folder, pretrained!, 1)).toThrow(/job 1/);
  });

  it('has options that an earlier version left open as they are packed, kept and told once it is packed', async () => {
    const { project, study, folder, pack, runs } = waiting();
    const [first] = runs();
    const planned = getRun(project, first!.id).config as PretextRunConfig;
    const open = { ...planned, pretext: { ...planned.pretext, options: { temperature: 0.4 } } };
    delete open.writtenOut;
    updateRun(project, first!.id, { config: open });
    await expect(pack({ minutes: 5 }, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
    expect(getRun(project, first!.id).config).toEqual(open);

    const { bundle } = (await pack({ minutes: 5 })).report;
    const { job } = readPackedJob(folder, bundle, 1);
    const { run, config } = getRun(project, first!.id);
    const { options } = (config as PretextRunConfig).pretext;
    expect(options).toMatchObject({ temperature: 0.4, projectionHidden: expect.any(Number) as number });
    expect(job).toMatchObject({ encoder: config.encoder, pretext: { options } });
    expect(run.environment!.optionsFilledLater).toMatch(/projectionHidden \d+/);
    expect(run.status).toBe('away');
    // What was packed is what a merge finds planned here.
    const stored = listRunsOf(project, study.id)[0]!;
    const again = await prepareJob(project, stored);
    expect(planOf(again)).toBe(readPackedJob(folder, bundle, 1).plan);
  });

  it('can be packed without knowing what it takes, and once more elsewhere', async () => {
    const { pack, project, folder } = waiting(() => {
      throw new Error('no trainer');
    });
    const first = (await pack({ threads: 7 })).report.bundle;
    expect(first).toMatchObject({ threads: 7, resources: { memoryMiB: null, minutes: null } });
    const second = (await pack({ folder: `${folder}-2` })).report.bundle;
    // The runs belong to the later one alone.
    expect([listAway(project, first.id), listAway(project, second.id).length]).toEqual([[], 3]);
  });
});

describe('nothing is packed', () => {
  const code = (name: string) => ({ failure: { code: name } });

  it('into a folder that holds something, which stays as it was', async () => {
    const { folder, pack, runs } = waiting();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    await expect(pack()).rejects.toMatchObject({
      failure: {
        code: 'bundle.exists',
        message: 'There is something in this folder already. Nothing was packed.',
        place: folder,
        remedy: 'Name a folder that is empty, or not there yet.',
      },
    });
    expect(readdirSync(folder)).toEqual(['mine.txt']);
    expect(runs()[0]!.status).toBe('queued');
  });

  it('of a study that is computed here, imports its data, or waits for nothing', async () => {
    const { project, study, pack, runs, folder } = waiting();
    const [first] = runs();
    updateRun(project, first!.id, { status: 'running' });
    await expect(pack()).rejects.toMatchObject({
      failure: { code: 'study.running', message: 'simclr-1 is computed here now.', place: 'A study' },
    });
    for (const { id } of runs()) updateRun(project, id, { status: 'done' });
    setStudyStatus(project, study.id, 'done');
    await expect(pack()).rejects.toMatchObject({
      failure: {
        code: 'study.nothing-to-pack',
        message: 'Nothing of the study “A study” waits to be computed: it is done.',
      },
    });
    setStudyStatus(project, study.id, 'importing');
    await expect(pack()).rejects.toMatchObject(code('study.importing'));
    expect(existsSync(folder)).toBe(false);
  });

  it('that begins with what has failed', async () => {
    const { project, pack, runs } = waiting();
    const [pretext] = runs();
    updateRun(project, pretext!.id, { status: 'failed' });
    await expect(pack()).rejects.toMatchObject({
      failure: {
        code: 'run.needed-run-failed',
        message: 'simclr-1, whose weights a run of the study begins with, is failed.',
        remedy: 'Resume it, then pack the study again.',
      },
    });
    expect(runs().map(({ status }) => status)).toEqual(['failed', 'queued', 'queued']);
  });
});
