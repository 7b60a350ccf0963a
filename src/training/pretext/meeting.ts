/**
 * Several processes that compute one pretext run together: they meet, make sure that they mean the same run, and begin
 * with the state of the one that leads. That one alone probes, writes checkpoints and tells of the run.
 */
import { createHash } from 'node:crypto';
import { PretextError } from '../../contract/errors.ts';
import { asShare, compileProgram, startServer, wholeBatch, type TensorFlowInfo } from '../../tensor/index.ts';
import type { PretextInputs } from '../inputs.ts';
import { environmentOf } from '../machine.ts';
import type { Request } from '../control.ts';
import type { Part } from './program.ts';
import { watchForSilence, type SilenceWatch } from './silence.ts';

export interface Meeting {
  part: Part;
  addresses: readonly string[];
  /** The step that the leader goes on from, and whether its run looks at health. */
  step: number;
  looksAtHealth: boolean;
  /** To be ended with the run. */
  watch: SilenceWatch;
  /** Whether all compute on the same kind of processor, with as many threads. */
  alike: boolean;
}

export const leads = (meeting: Pick<Meeting, 'part'> | null): boolean => !meeting || meeting.part.rank === 0;

/**
 * Opens the port of this process and waits for all others.
 *
 * @param own step of this process's checkpoint, which counts if it leads
 * @throws PretextError `processes.differ` where another process was started for another run
 */
export function meetOthers(
  job: PretextInputs,
  info: TensorFlowInfo,
  own: { step: number; looksAtHealth: boolean },
): Meeting | null {
  if (!job.meeting) return null;
  const { addresses, rank } = job.meeting;
  const part: Part = { processes: addresses.length, rank };
  startServer({ addresses, rank, threads: info.threads });
  console.error(
    `Process ${rank + 1} of ${addresses.length} of this run listens on port ${portOf(addresses[rank]!)} of every network of this machine, without a password, and waits for the others.`,
  );
  const { deviceName, threads, ownKernels } = environmentOf(info);
  const kind = numbersOf(JSON.stringify({ deviceName, threads, ownKernels }), 1);
  const facts = [rank, own.step, Number(own.looksAtHealth), ...kind, ...numbersOf(fingerprintOf(job), 2)];
  const watch = watchForSilence(addresses);
  const rows = watch.during(() => exchange(part, facts));
  requireOrder(rows, addresses);
  const [leader] = rows;
  const differing = rows.findIndex((row) => row.slice(4).join() !== leader!.slice(4).join());
  if (differing >= 0) throw otherRun(addresses[differing]!, addresses[0]!);
  return {
    part,
    addresses,
    watch,
    step: leader![1]!,
    looksAtHealth: leader![2] === 1,
    alike: rows.every((row) => row[3] === leader![3]),
  };
}

const portOf = (address: string) => address.slice(address.lastIndexOf(':') + 1);

/** What every process says of itself, by rank. Numbers are exact up to 2²⁴. */
function exchange(part: Part, facts: number[]): number[][] {
  const program = compileProgram(
    {},
    {
      meet: {
        inputs: { facts: { shape: [1, facts.length], dtype: 'float32' } },
        run: (_, inputs) =>
          asShare({ ...part, samples: 1 }, () => ({
            state: {},
            outputs: { all: wholeBatch(inputs['facts']!) },
          })),
      },
    },
  );
  try {
    const { all } = program.run('meet', { facts: Float32Array.from(facts) });
    return Array.from({ length: part.processes }, (_, rank) =>
      Array.from(all!.slice(rank * facts.length, (rank + 1) * facts.length)),
    );
  } finally {
    program.dispose();
  }
}

/** What is computed, and on which samples; not where they lie. */
function fingerprintOf(job: PretextInputs): string {
  const { pretext, encoder, modality, inputShape, precision, sampling, includeHeldOut, datasets } = job;
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({ pretext, encoder, modality, inputShape, precision, sampling, includeHeldOut }),
  );
  for (const { name, shape, dtype, offsets } of datasets) {
    hash.update(JSON.stringify({ name, shape, dtype }));
    hash.update(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength));
  }
  return hash.digest('hex');
}

const numbersOf = (text: string, count: number): number[] => {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length: count }, (_, at) => digest.readUIntBE(3 * at, 3));
};

function requireOrder(rows: number[][], addresses: readonly string[]): void {
  if (rows.every(([rank], place) => rank === place)) return;
  throw new Error(
    `TensorFlow has the processes ${addresses.join(', ')} in another order: ${rows.map(([rank]) => rank).join(', ')}.`,
  );
}

const otherRun = (address: string, leader: string): PretextError =>
  new PretextError({
    code: 'processes.differ',
    message: `The process at ${address} was started for another run, or has other data, than the one at ${leader}.`,
    place: address,
    remedy: 'Start all of them with the same job of the same bundle.',
  });

/* A wish is a number, so that all learn the sum of all wishes with the step. */
const CANCEL = 1000;

/** What a process wishes, as it goes into a step. */
export const wishOf = (request: Request | null): number =>
  request === 'cancel' ? CANCEL : request === 'pause' ? 1 : 0;

/** What all of them do, from the mean of their wishes: the end wins. */
export function agreedOn(meanWish: number, { processes }: Part): Request | null {
  const sum = Math.round(meanWish * processes);
  if (sum >= CANCEL) return 'cancel';
  return sum > 0 ? 'pause' : null;
}

const LOST =
  /Collective ops is aborted|RecvBuf|CompleteGroup|CompleteInstance|GetStepSequence|grpc|UNAVAILABLE|timed out|DEADLINE_EXCEEDED/i;

/** What TensorFlow says where another process has ended, in words that say which; other errors as they are. */
export function asLost(error: unknown, addresses: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof PretextError || !LOST.test(error.message)) return error;
  const task = /remote target \/job:worker\/replica:0\/task:(\d+)/.exec(error.message)?.[1];
  const address = task === undefined ? null : addresses[Number(task)];
  return new PretextError({
    code: 'processes.lost',
    message: `${address ? `The process at ${address}` : 'Another process of this run'} has ended or is not reached any more, so this one ends too. TensorFlow says: ${firstWords(error.message)}`,
    place: address ?? addresses.join(', '),
    remedy: 'Begin the run again, on all machines: it goes on from its last checkpoint.',
  });
}

const firstWords = (message: string) =>
  (/aborted by: ([^\n]*)/.exec(message)?.[1] ?? message.split('\n').at(0)!).slice(0, 200);
