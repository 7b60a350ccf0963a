/** A trainer that the service starts: what it says that nobody understands is logged. */
import type { ProcessHost } from '../../contract/messages/host.ts';
import { linkTrainer, type TrainerWishes } from '../../host/trainer-link.ts';
import type { TrainerLink, TrainerListener } from '../../host/trainer-listener.ts';
import type { Priority } from '../../contract/machine/settings.ts';
import { readMachine } from '../../machine/settings.ts';
import type { Log } from '../workplace/log.ts';

export const startTrainer = (
  host: ProcessHost,
  log: Log,
  listener: TrainerListener,
  wishes: TrainerWishes = {},
): TrainerLink =>
  linkTrainer(
    host,
    {
      ...listener,
      onBroken: (about) => log.error(about, 'the trainer sent a message outside the contract'),
    },
    wishes,
  );

/** How runs stand beside other programs, as the machine's settings say. */
export function runPriority(log: Log): Priority {
  try {
    return readMachine().settings.priority;
  } catch (error) {
    // A run does not fail for it: whoever opens the settings is told that they cannot be read.
    log.warn({ err: error }, 'the settings of the machine could not be read; the run stands behind others');
    return 'low';
  }
}
