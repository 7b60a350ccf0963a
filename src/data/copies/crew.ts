/**
 * Hands that share the work of a search: threads, one a core, or for a small search this thread alone, which breathes
 * between parts. A thread that fails, or a wish to stop, ends all of them.
 */
import { breathe } from '../breathe.ts';
import { startThreads, threadCount } from '../threads.ts';
import { sampleBytesOf } from './chunks.ts';
import type { Buckets, Cutting } from './cuts.ts';
import { createHand, type Catalogue, type SearchJob } from './hand.ts';
import type { PairColumns, Part } from './pairs.ts';
import { createRowHand, type RowJob } from './rows/hand.ts';
import type { RowRule } from './rows/rule.ts';

type AnyJob = SearchJob | RowJob;

/** What a thread begins with. */
export interface HandStart {
  job: AnyJob;
  number: number;
}

/** What is asked of a thread among images or signals. */
type SignedRequest =
  | { kind: 'describe'; part: Part }
  | { kind: 'code'; part: Part; cutting: Cutting }
  | { kind: 'search'; part: Part; catalogue: Catalogue };

/** What is asked of a thread among rows. */
type RowRequest =
  | { kind: 'survey'; part: Part; of: 'known' | 'asked' }
  | { kind: 'key'; part: Part; rule: RowRule }
  | { kind: 'search-rows'; part: Part; rule: RowRule; byCell: Buckets };

export type HandRequest = SignedRequest | RowRequest;

interface Answers {
  describe: { sums: Float64Array; present: number };
  code: null;
  search: PairColumns;
  survey: Uint8Array;
  key: null;
  'search-rows': PairColumns;
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

export async function createCrew(job: AnyJob, signal: AbortSignal | undefined): Promise<Crew> {
  const samples = job.known.offsets.length + job.asked.offsets.length;
  const isSmall = samples < FEWEST_SAMPLES && samples * sampleBytesOf(job.known) < FEWEST_BYTES;
  return isSmall ? createLoneHand(job, signal) : createThreadedHands(job, signal);
}

/** Does what it is asked for, in whichever thread. */
export interface AnyHand {
  perform(request: HandRequest): Promise<Answers[HandRequest['kind']]>;
  close(): Promise<void>;
}

/**
 * @param number of this hand, from 0
 * @throws PretextError `shard.missing`
 */
export async function createAnyHand(job: AnyJob, number: number): Promise<AnyHand> {
  if ('signatures' in job) {
    const { describe, code, search, close } = await createHand(job, number);
    return {
      close,
      async perform(request) {
        if (request.kind === 'describe') return describe(request.part);
        if (request.kind === 'search') return search(request.part, request.catalogue);
        if (request.kind === 'code') code(request.part, request.cutting);
        else throw new Error(`Bug: no “${request.kind}” among images or signals.`);
        return null;
      },
    };
  }
  const { survey, key, search, close } = await createRowHand(job);
  return {
    close,
    async perform(request) {
      if (request.kind === 'survey') return survey(request.part, request.of);
      if (request.kind === 'search-rows') return search(request.part, request.rule, request.byCell);
      if (request.kind === 'key') await key(request.part, request.rule);
      else throw new Error(`Bug: no “${request.kind}” among rows.`);
      return null;
    },
  };
}

async function createLoneHand(job: AnyJob, signal: AbortSignal | undefined): Promise<Crew> {
  const hand = await createAnyHand(job, 0);
  return {
    async share(requests, onAnswer) {
      for (const request of requests) {
        signal?.throwIfAborted();
        onAnswer((await hand.perform(request)) as never, request.part);
        await breathe();
      }
    },
    close: () => hand.close(),
  };
}

function createThreadedHands(job: AnyJob, signal: AbortSignal | undefined): Crew {
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
