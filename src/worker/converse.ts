/** A trainer that computes one job, from the outside: what it says, and how it ends. */
import type { Failure } from '../contract/errors.ts';
import type { ProcessHost } from '../contract/messages/host.ts';
import {
  fromTrainerSchema,
  toTrainerSchema,
  type FromTrainer,
  type ToTrainer,
} from '../contract/messages/trainer.ts';
import { trainerEnvironment } from '../host/trainer-environment.ts';

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
  const trainer = host.start('trainer', { environment: trainerEnvironment() });
  const send = (message: ToTrainer) => trainer.send(toTrainerSchema.parse(message));
  let last: LastWord | null = null;
  const ended = new Promise<LastWord>((resolve, reject) => {
    trainer.onMessage((raw) => {
      if (last) return;
      try {
        const message = fromTrainerSchema.parse(raw);
        if (message.type === 'ready') return send(start);
        if (message.type === 'failed') last = { kind: 'failed', failure: message.failure };
        else if (message.type === 'done' || message.type === 'paused') last = { kind: message.type };
        else hear(message);
        // After its last word it has nothing left to write.
        if (last) trainer.kill();
      } catch (error) {
        trainer.kill();
        reject(error);
      }
    });
    trainer.onExit(({ code, signal }) => resolve(last ?? { kind: 'died', code, signal }));
  });
  return { ended, pause: () => send({ type: 'pause' }) };
}
