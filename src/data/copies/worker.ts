/** A thread of a copy search: one hand, which does one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { PretextError } from '../../contract/errors.ts';
import { perform, type HandAnswer, type HandRequest, type HandStart } from './crew.ts';
import { createHand } from './hand.ts';

const port = parentPort;
if (!port) throw new Error('This file is the thread of a copy search, and is started by one.');

const { job, number } = workerData as HandStart;
const hand = createHand(job, number);
// Whoever asks first is told; until then it must not count as unhandled.
hand.catch(() => undefined);

port.on('message', (request: HandRequest) => {
  void answerTo(request).then((answer) => port.postMessage(answer));
});

async function answerTo(request: HandRequest): Promise<HandAnswer> {
  try {
    return { value: await perform(await hand, request) };
  } catch (error) {
    const failure = error instanceof PretextError ? error.failure : null;
    return { failure, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
