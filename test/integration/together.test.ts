/** One pretext run on several processes: real trainers, TensorFlow's own collectives between them. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PretextJob, Places } from '../../src/contract/messages/job.ts';
import type { FromTrainer } from '../../src/contract/messages/trainer.ts';
import type { HostedExit } from '../../src/contract/messages/host.ts';
import { pretextSchema } from '../../src/contract/recipe/recipe.ts';
import { freeAddresses } from '../../src/host/free-ports.ts';
import { createNodeHost } from '../../src/host/node.ts';
import { linkTrainer } from '../../src/host/trainer-link.ts';
import type { TrainerLink } from '../../src/host/trainer-listener.ts';
import type { StepsAnswer, StepsRequest, StepsSetting } from '../fixtures/processes/steps.ts';
import { writeStripes } from '../fixtures/stripes.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-together-'));
const host = createNodeHost();
const links: TrainerLink[] = [];
let job: PretextJob;
let places: Places;
let alone: Talk;

beforeAll(async () => {
  const { shard, ...content } = await writeStripes(folder, 640);
  job = {
    kind: 'pretext',
    inputShape: content.shape,
    modality: content.modality,
    encoder: { family: 'residual', options: { width: 8, stages: 1, features: 16 } },
    // 64 steps, with views, batch norm in encoder and head, and every other sample of the batch as a negative.
    pretext: pretextSchema.parse({
      task: 'simclr',
      epochs: 4,
      batchSize: 24,
      // Small steps: what rounding leaves grows from step to step, in any two computations, and the more the larger they are.
      learningRate: 3e-4,
      checkpointEverySteps: 10,
      probeEveryEpochs: 4,
      seed: 5,
    }),
    startFrom: null,
    resumeFrom: null,
    includeHeldOut: false,
    datasets: [content],
    probeDataset: content.name,
  };
  places = { runId: 'alone', projectFolder: folder, threads: 2, shards: { stripes: shard }, checkpoints: {} };
  alone = talk({ places });
  expect((await alone.ended).word?.type).toBe('done');
});
afterAll(() => {
  for (const link of links) link.kill();
});

interface Talk {
  /** By step. */
  losses: Map<number, number>;
  checkpoints: { file: string; sha256: string; step: number }[];
  environment: Record<string, unknown>;
  link: TrainerLink;
  ended: Promise<{ word: FromTrainer | null; exit: HostedExit }>;
}

/** A trainer from its beginning to its end. */
function talk(run: { job?: Partial<PretextJob>; places: Places }, onStep?: (step: number) => void): Talk {
  const { promise, resolve } = Promise.withResolvers<{ word: FromTrainer | null; exit: HostedExit }>();
  const found: Talk = {
    losses: new Map(),
    checkpoints: [],
    environment: {},
    ended: promise,
    link: linkTrainer(host, {
      onMessage(message) {
        if (message.type === 'ready')
          found.link.send({ type: 'start', job: { ...job, ...run.job }, places: run.places });
        if (message.type === 'metrics') {
          found.losses.set(message.point.step, message.point.values['loss']!);
          onStep?.(message.point.step);
        }
        if (message.type === 'checkpoint' && message.checkpoint.kind === 'last')
          found.checkpoints.push(message.checkpoint);
        if (message.type === 'environment') Object.assign(found.environment, message.environment);
        if (['done', 'paused', 'failed'].includes(message.type)) {
          word = message;
          found.link.kill();
        }
      },
      onEnd: (exit) => resolve({ word, exit }),
    }),
  };
  let word: FromTrainer | null = null;
  links.push(found.link);
  return found;
}

const farthest = (one: Talk) =>
  Math.max(...Array.from(one.losses, ([step, loss]) => Math.abs(loss - alone.losses.get(step)!)));

it('has the losses of one process; when one of two is killed the other says so, and three go on from the checkpoint', async () => {
  const addresses = await freeAddresses(2);
  const at = (rank: number): Places => ({
    ...places,
    runId: 'together',
    threads: 1,
    meeting: { addresses, rank },
  });
  const other = talk({ places: at(1) });
  const leader = talk({ places: at(0) }, (step) => {
    if (step === 34) other.link.kill();
  });
  const { word } = await leader.ended;
  expect(word).toMatchObject({
    type: 'failed',
    failure: {
      code: 'processes.lost',
      place: addresses[1],
      remedy: expect.stringMatching(/last checkpoint/),
    },
  });
  expect(farthest(leader)).toBeLessThan(1e-4);
  expect(leader.losses.size).toBeGreaterThanOrEqual(34);
  expect(farthest(leader)).toBeLessThan(1e-4);
  expect(leader.environment).toMatchObject({ processes: 2, processesAlike: true });

  const last = leader.checkpoints.at(-1)!;
  expect(last.step).toBe(30);
  const resumed = talk({
    job: { resumeFrom: last.sha256 },
    places: {
      ...places,
      runId: 'resumed',
      processes: 3,
      checkpoints: { [last.sha256]: join(folder, 'checkpoints', last.file) },
    },
  });
  expect((await resumed.ended).word?.type).toBe('done');
  expect([...resumed.losses.keys()]).toEqual(Array.from({ length: 34 }, (_, i) => 31 + i));
  expect(farthest(resumed)).toBeLessThan(1e-4);
});

const STEPS = fileURLToPath(new URL('../fixtures/processes/steps.ts', import.meta.url));
/** Codes over all samples and a queue; rows that take cells of others; dropout over channels; samples that do not count. */
const LOOKING_ACROSS: StepsSetting[] = [
  {
    task: 'swav',
    encoder: 'residual',
    modality: 'image',
    options: { smallCrops: { count: 2 }, queueSize: 64, queueFrom: 0 },
  },
  { task: 'scarf', encoder: 'plain', modality: 'table' },
  { task: 'rotation', encoder: 'residual', modality: 'image', accumulation: 2 },
  { task: 'neighbour-contrast', encoder: 'patch-transformer', modality: 'signal' },
];

/** Losses of some tasks by a process of its own, and what its state came to. */
async function stepsBy(rank: number, addresses: string[]): Promise<StepsAnswer[]> {
  const request: StepsRequest = { rank, addresses, steps: 2, settings: LOOKING_ACROSS };
  const { stdout } = await promisify(execFile)(process.execPath, [STEPS, JSON.stringify(request)]);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as StepsAnswer);
}

it('computes what one process does where tasks look across a batch in other ways, and all end in the same state', async () => {
  const addresses = await freeAddresses(4);
  const [whole, first, ...others] = await Promise.all([
    stepsBy(0, []),
    ...addresses.map((_, rank) => stepsBy(rank, addresses)),
  ]);
  expect(whole).toHaveLength(LOOKING_ACROSS.length);
  whole.forEach(({ losses }, at) => {
    const { task } = LOOKING_ACROSS[at]!;
    losses.forEach((loss, step) => expect(first![at]!.losses[step], task).toBeCloseTo(loss, 4));
    for (const other of others) expect(other[at]!.state, task).toBe(first![at]!.state);
  });
});
