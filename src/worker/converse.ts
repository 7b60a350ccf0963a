/** A trainer that computes one job, from the outside: what it says, and how it ends. */
import type { Failure } from '../contract/errors.ts';
import type { ProcessHost } from '../contract/messages/host.ts';
import type { FromTrainer, ToTrainer } from '../contract/messages/trainer.ts';
import { linkTrainer } from '../host/trainer-link.ts';

export type LastWord =
  | { kind: 'done' | 'paused' }
  | { kind: 'failed'; failure: Failure }
  /** Nothing was said: it was killed, ran out of memory or crashed. */
  | { kind: 'died'; code: number | null; signal: string | null };

export interface Conversation {
  readonly ended: Promise<LastWord>;
  pause(): void;
}

/**
 * @param hear gets every word but the last; what it throws ends the trainer and rejects `ended`
 */
export function converse(
  host: ProcessHost,
  start: Extract<ToTrainer, { type: 'start' }>,
  hear: (message: FromTrainer) => void,
): Conversation {
  let last: LastWord | null = null;
  const ended = Promise.withResolvers<LastWord>();
  const link = linkTrainer(host, {
    onMessage(message) {
      if (last) return;
      try {
        if (message.type === 'ready') return link.send(start);
        if (message.type === 'failed') last = { kind: 'failed', failure: message.failure };
        else if (message.type === 'done' || message.type === 'paused') last = { kind: message.type };
        else hear(message);
        // After its last word it has nothing left to write.
        if (last) link.kill();
      } catch (error) {
        link.kill();
        ended.reject(error);
      }
    },
    onEnd({ code, signal, broken }) {
      if (broken) ended.reject(new Error(broken));
      else ended.resolve(last ?? { kind: 'died', code, signal });
    },
  });
  return { ended: ended.promise, pause: () => link.send({ type: 'pause' }) };
}
