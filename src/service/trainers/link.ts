/** A trainer that the service starts: what it says that nobody understands is logged. */
import type { ProcessHost } from '../../contract/messages/host.ts';
import { linkTrainer, type TrainerLink, type TrainerListener } from '../../host/trainer-link.ts';
import type { Log } from '../workplace/log.ts';

export const startTrainer = (host: ProcessHost, log: Log, listener: TrainerListener): TrainerLink =>
  linkTrainer(host, {
    ...listener,
    onBroken: (about) => log.error(about, 'the trainer sent a message outside the contract'),
  });
