/** A trainer process as the service sees it: typed messages, checked both ways, and its end. */
import {
  fromTrainerSchema,
  toTrainerSchema,
  type FromTrainer,
  type ToTrainer,
} from '../../contract/messages/trainer.ts';
import type { HostedExit, ProcessHost } from '../../contract/messages/host.ts';
import type { Log } from '../workplace/log.ts';
import { trainerEnvironment } from '../../host/trainer-environment.ts';

export interface TrainerListener {
  onMessage(message: FromTrainer): void;
  /** Called once, after the last message. `broken` says that it was ended for a message nobody understands. */
  onEnd(exit: HostedExit & { broken: string | null }): void;
}

export interface TrainerLink {
  send(message: ToTrainer): void;
  kill(): void;
}

/** Starts a trainer. A message outside the contract is a bug: the trainer is ended and the log says why. */
export function startTrainer(host: ProcessHost, log: Log, listener: TrainerListener): TrainerLink {
  const trainer = host.start('trainer', { environment: trainerEnvironment() });
  let broken: string | null = null;
  trainer.onMessage((raw) => {
    if (broken) return;
    const parsed = fromTrainerSchema.safeParse(raw);
    if (parsed.success) {
      listener.onMessage(parsed.data);
      return;
    }
    const type = (raw as { type?: unknown } | null)?.type;
    broken = `a message of type ${JSON.stringify(type)} is not in the contract: ${parsed.error.issues[0]?.message}`;
    log.error({ type, issues: parsed.error.issues }, 'the trainer sent a message outside the contract');
    trainer.kill();
  });
  trainer.onExit((exit) => listener.onEnd({ ...exit, broken }));
  return {
    send: (message) => trainer.send(toTrainerSchema.parse(message)),
    kill: () => trainer.kill(),
  };
}
