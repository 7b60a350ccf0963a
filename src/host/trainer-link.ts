/** A trainer process from the outside, as whoever started it sees it: typed messages, checked both ways, and its end. */
import { fromTrainerSchema, toTrainerSchema } from '../contract/messages/trainer.ts';
import type { ProcessHost } from '../contract/messages/host.ts';
import type { Priority } from '../contract/machine/settings.ts';
import { watchForCrash } from './crash-watch.ts';
import { LOW_PRIORITY } from './priority.ts';
import { trainerEnvironment } from './trainer-environment.ts';
import type { TrainerLink, TrainerListener } from './trainer-listener.ts';
import { processesOf, startHelpers, type Helpers, type StartMessage } from './trainer-helpers.ts';

/** What a trainer says that lost another one with which it computes. */
const PROCESSES_LOST = 'processes.lost';

export interface TrainerWishes {
  /** `low`: it gets what other programs leave of the processor. */
  priority?: Priority;
}

/**
 * Starts a trainer, and with the run that it is given those that compute it together with it on this machine. A message
 * outside the contract is a bug: the trainer is ended, and its end says why.
 */
export function linkTrainer(
  host: ProcessHost,
  listener: TrainerListener,
  wishes: TrainerWishes = {},
): TrainerLink {
  let helpers: Helpers | null = null;
  const leader = linkOne(
    host,
    {
      ...listener,
      onMessage(message) {
        if (helpers && message.type === 'failed' && message.failure.code === PROCESSES_LOST)
          void helpers.tellsOfLoss().then((tells) => (tells ? leader.kill() : listener.onMessage(message)));
        else listener.onMessage(message);
      },
      onEnd(exit) {
        helpers?.kill();
        listener.onEnd({ ...exit, ...helpers?.lost });
      },
    },
    wishes,
  );
  return {
    send(message) {
      if (processesOf(message) === 1) return leader.send(message);
      helpers = startHelpers(message as StartMessage, leader, (own, environment) =>
        linkOne(host, own, { ...wishes, environment }),
      );
    },
    kill() {
      helpers?.kill();
      leader.kill();
    },
  };
}

function linkOne(
  host: ProcessHost,
  listener: TrainerListener,
  { priority = 'normal', environment }: TrainerWishes & { environment?: Record<string, string> },
): TrainerLink {
  const trainer = host.start('trainer', {
    environment: { ...trainerEnvironment(), ...environment },
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
