/** From the start of a run's process to the end of its first step: the real trainer against a Python script. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { encoderOptions } from '../cases/network.ts';
import { encoderSchema, pretextSchema } from '../../../src/contract/recipe/recipe.ts';
import { fromTrainerSchema } from '../../../src/contract/messages/trainer.ts';
import type { Places, PretextJob } from '../../../src/contract/messages/job.ts';
import { createNodeHost } from '../../../src/host/node.ts';
import { trainerEnvironment } from '../../../src/host/trainer-environment.ts';
import type { BenchRow } from '../document.ts';
import { compare } from '../statistics.ts';
import { commandOf, workerEnvironment } from '../worker.ts';
import type { BenchContext } from './context.ts';
import { storedImages } from './simclr.ts';

const setting = { width: 16, batch: 128, blur: false };

export async function firstStepBench(context: BenchContext): Promise<BenchRow[]> {
  const stored = storedImages(context.folder);
  const job = jobFor(stored);
  const places: Places = {
    runId: 'bench',
    projectFolder: context.folder,
    threads: null,
    shards: { bench: stored.images },
    checkpoints: {},
  };
  const options = { ...setting, ...stored };
  const ours: number[] = [];
  const peer: number[] = [];
  // The first pass reads both sides' libraries from the disk and is not counted.
  for (let round = -1; round < Math.min(context.rounds, 5); round++) {
    context.say(`first-step: round ${round + 1}`);
    const own = await secondsOfTrainer(job, places);
    const other = await secondsOfPeer(options, context.python);
    if (round < 0) continue;
    ours.push(own);
    peer.push(other);
  }
  const name = `SimCLR, width ${setting.width}, batch ${setting.batch}`;
  const row = { bench: 'first-step' as const, case: name, unit: 's', peerName: 'LightlySSL' };
  return [{ ...row, ...compare(ours, peer, 'smaller') }];
}

/** A pretext run over the stored images, as the queue starts it. */
function jobFor({ count }: { count: number }): PretextJob {
  const sampleBytes = 32 * 32 * 3;
  return {
    kind: 'pretext',
    inputShape: [32, 32, 3],
    modality: 'image',
    encoder: encoderSchema.parse({ family: 'residual', options: encoderOptions(setting.width) }),
    resumeFrom: null,
    startFrom: null,
    pretext: pretextSchema.parse({ task: 'simclr', batchSize: setting.batch, probeEveryEpochs: 0 }),
    includeHeldOut: true,
    probeDataset: null,
    datasets: [
      {
        name: 'bench',
        modality: 'image',
        shape: [32, 32, 3],
        dtype: 'uint8',
        offsets: Float64Array.from({ length: count }, (_, index) => index * sampleBytes),
        splits: new Uint8Array(count),
        classIds: new Int32Array(count).fill(-1),
        numbers: new Float32Array(0),
        classNames: [],
        channelStatistics: { mean: [127, 127, 127], standardDeviation: [64, 64, 64] },
      },
    ],
  };
}

function secondsOfTrainer(job: PretextJob, places: Places): Promise<number> {
  const start = performance.now();
  const trainer = createNodeHost().start('trainer', { environment: trainerEnvironment() });
  return new Promise((resolve, reject) => {
    let seconds: number | null = null;
    trainer.onMessage((received) => {
      const message = fromTrainerSchema.parse(received);
      if (message.type === 'failed') reject(new Error(message.failure.message));
      if (message.type !== 'progress' || seconds !== null) return;
      seconds = (performance.now() - start) / 1000;
      // Only the start is of interest, and nothing is to be kept.
      trainer.kill();
    });
    trainer.onExit(({ lastOutput }) =>
      seconds === null ? reject(new Error(`The trainer ended early.\n${lastOutput}`)) : resolve(seconds),
    );
    trainer.send({ type: 'start', job, places });
  });
}

async function secondsOfPeer(options: object, python: string): Promise<number> {
  const { program, file } = commandOf('first_step.py', python);
  const start = performance.now();
  await promisify(execFile)(program, [file, JSON.stringify(options)], { env: workerEnvironment(file) });
  return (performance.now() - start) / 1000;
}
