/** A thread of a copy search: one hand, which does one request after the other. */
import { workerData } from 'node:worker_threads';
import { answerRequests } from '../threads.ts';
import { createAnyHand, type HandRequest, type HandStart } from './crew.ts';

const { job, number } = workerData as HandStart;
const hand = createAnyHand(job, number);
// Whoever asks first is told; until then it must not count as unhandled.
hand.catch(() => undefined);

answerRequests(async (request: HandRequest) => ({ value: await (await hand).perform(request) }));
