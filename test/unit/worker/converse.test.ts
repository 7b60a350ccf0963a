import { expect, it } from 'vitest';
import type { FromTrainer, ToTrainer } from '../../../src/contract/messages/trainer.ts';
import { converse } from '../../../src/worker/converse.ts';
import { playedHost, until } from '../../fixtures/workplaces.ts';
import { pretextJob } from '../../fixtures/bundles.ts';
import { jobSchema } from '../../../src/contract/messages/job.ts';

const start: Extract<ToTrainer, { type: 'start' }> = {
  type: 'start',
  job: jobSchema.parse(pretextJob),
  places: { runId: 'a', projectFolder: '/p', threads: 1, shards: { stripes: '/s' }, checkpoints: {} },
};
const word: FromTrainer = { type: 'metrics', point: { step: 1, epoch: 1, values: { loss: 1 } } };

function talk(hear: (message: FromTrainer) => void = () => {}) {
  const { host, trainers } = playedHost();
  const conversation = converse(host, start, hear);
  return { conversation, trainer: trainers[0]! };
}

it('sends the job once the trainer is ready, and hands on every word but the last', async () => {
  const heard: FromTrainer[] = [];
  const { conversation, trainer } = talk((message) => heard.push(message));
  expect(trainer.heard).toEqual([]);
  await until(() => trainer.heard.length === 1);
  expect(trainer.heard[0]).toMatchObject({ type: 'start', places: { runId: 'a' } });
  trainer.say(word);
  trainer.say({ type: 'done' });
  trainer.say(word);
  expect(await conversation.ended).toEqual({ kind: 'done' });
  expect(heard).toEqual([word]);
  // It had nothing left to write.
  expect(trainer.killed).toBe(true);
});

it('asks for a pause, and ends with what the trainer says to it', async () => {
  const { conversation, trainer } = talk();
  conversation.pause();
  expect(trainer.heard).toEqual([{ type: 'pause' }]);
  trainer.say({ type: 'paused' });
  expect(await conversation.ended).toEqual({ kind: 'paused' });
});

it('hands on the words of a failure', async () => {
  const { conversation, trainer } = talk();
  const failure = { code: 'training.diverged', message: 'The loss is no number any more.' };
  trainer.say({ type: 'failed', failure });
  expect(await conversation.ended).toEqual({ kind: 'failed', failure });
});

it('says how a trainer died that said nothing last', async () => {
  const { conversation, trainer } = talk();
  trainer.say(word);
  trainer.end({ code: null, signal: 'SIGKILL' });
  expect(await conversation.ended).toEqual({ kind: 'died', code: null, signal: 'SIGKILL' });
});

it('ends a trainer whose words cannot be kept, or that nobody understands', async () => {
  const full = talk(() => {
    throw new Error('the disk is full');
  });
  full.trainer.say(word);
  await expect(full.conversation.ended).rejects.toThrow('the disk is full');
  expect(full.trainer.killed).toBe(true);

  const odd = talk();
  odd.trainer.say({ type: 'sing' } as never);
  await expect(odd.conversation.ended).rejects.toThrow('a message of type "sing" is not in the contract');
});
