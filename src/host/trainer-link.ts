/** A trainer process from the outside, as whoever started it sees it: typed messages, checked both ways, and its end. */
import {
  fromTrainerSchema,
  toTrainerSchema,
  type FromTrainer,
  type ToTrainer,
} from '../contract/messages/trainer.ts';
import type { HostedExit, ProcessHost } from '../contract/messages/host.ts';
import type { Priority } from '../contract/machine/settings.ts';
import { watchForCrash } from './crash-watch.ts';
import { LOW_PRIORITY } from './priority.ts';
import { trainerEnvironment } from './trainer-environment.ts';

export interface TrainerListener {
  onMessage(message: FromTrainer): void;
  /** What was wrong with a message that nobody understands, for a log. */
  onBroken?(about: { type: unknown; issues: unknown }): void;
  /** Called once, after the last message. `broken` says that it was ended for a message nobody understands. */
  onEnd(exit: HostedExit & { broken: string | null }): void;
}

export interface TrainerLink {
  send(message: ToTrainer): void;
  kill(): void;
}

export interface TrainerWishes {
  /** `low`: it gets what other programs leave of the processor. */
  priority?: Priority;
}

/** Starts a trainer. A message outside the contract is a bug: the trainer is ended, and its end says why. */
export function linkTrainer(
  host: ProcessHost,
  listener: TrainerListener,
  { priority = 'normal' }: TrainerWishes = {},
): TrainerLink {
  const trainer = host.start('trainer', {
    environment: trainerEnvironment(),
    ...(priority === 'low' && { arguments: [LOW_PRIORITY] }),
  });
  const crash = watchForCrash(trainer, 'trainer');
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
    listener.onBroken?.({ type, issues: parsed.error.issues });
    trainer.kill();
  });
  trainer.onExit((exit) => listener.onEnd({ ...exit, broken }));
  return {
    send: (message) => trainer.send(toTrainerSchema.parse(message)),
    kill: () => {
      crash.asked();
      trainer.kill();
    },
  };
}
