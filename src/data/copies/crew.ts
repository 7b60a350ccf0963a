/**
 * Hands that share the work of a search: threads, one a core, or for a small search this thread alone, which breathes
 * between parts. A thread that fails, or a wish to stop, ends all of them.
 */
import { breathe } from '../breathe.ts';
import { startThreads, threadCount } from '../threads.ts';
import { sampleBytesOf } from './chunks.ts';
import type { Cutting } from './cuts.ts';
import {
  createHand,
  type Catalogue,
  type Hand,
  type Part,
  type PairColumns,
  type SearchJob,
} from './hand.ts';

/** What a thread begins with. */
export interface HandStart {
  job: SearchJob;
  number: number;
}

/** What a thread is asked for. */
export type HandRequest =
  | { kind: 'describe'; part: Part }
  | { kind: 'code'; part: Part; cutting: Cutting }
  | { kind: 'search'; part: Part; catalogue: Catalogue };

interface Answers {
  describe: { sums: Float64Array; present: number };
  code: null;
  search: PairColumns;
}

export interface Crew {
  /** Has every part done, several at a time, and tells each answer. */
  share<K extends HandRequest['kind']>(
    requests: readonly (HandRequest & { kind: K })[],
    onAnswer: (answer: Answers[K], part: Part) => void,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Less than this is done sooner than threads have started. */
const FEWEST_SAMPLES = 8000;
const FEWEST_BYTES = 192 * 1024 * 1024;

export async function createCrew(job: SearchJob, signal: AbortSignal | undefined): Promise<Crew> {
  const samples = job.known.offsets.length + job.asked.offsets.length;
  const isSmall = samples < FEWEST_SAMPLES && samples * sampleBytesOf(job.known) < FEWEST_BYTES;
  return isSmall ? createLoneHand(job, signal) : createThreadedHands(job, signal);
}

/** Does what it is asked for, in whichever thread. */
export async function perform(hand: Hand, request: HandRequest): Promise<Answers[HandRequest['kind']]> {
  if (request.kind === 'describe') return hand.describe(request.part);
  if (request.kind === 'search') return hand.search(request.part, request.catalogue);
  hand.code(request.part, request.cutting);
  return null;
}

async function createLoneHand(job: SearchJob, signal: AbortSignal | undefined): Promise<Crew> {
  const hand = await createHand(job, 0);
  return {
    async share(requests, onAnswer) {
      for (const request of requests) {
        signal?.throwIfAborted();
        onAnswer((await perform(hand, request)) as never, request.part);
        await breathe();
      }
    },
    close: () => hand.close(),
  };
}

function createThreadedHands(job: SearchJob, signal: AbortSignal | undefined): Crew {
  const count = threadCount();
  const dataOf = (number: number): HandStart => ({ job, number });
  const threads = startThreads({ beside: import.meta.url, bundle: 'copies', count, dataOf, signal });
  return {
    async share(requests, onAnswer) {
      let next = 0;
      const drive = async () => {
        for (let request = requests[next++]; request; request = requests[next++])
          onAnswer(await threads.ask(request), request.part);
      };
      await Promise.all(Array.from({ length: count }, drive));
    },
    close: threads.close,
  };
}
