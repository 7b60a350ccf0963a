import { describe, expect, it, vi } from 'vitest';
import type { FromTrainer, ToTrainer } from '../../../src/contract/messages/trainer.ts';
import type { HostedExit } from '../../../src/contract/messages/host.ts';
import { processesOf, startHelpers, type StartMessage } from '../../../src/host/trainer-helpers.ts';
import type { TrainerLink, TrainerListener } from '../../../src/host/trainer-listener.ts';

const start = (processes?: number, kind = 'pretext') =>
  ({
    type: 'start',
    job: { kind },
    places: { runId: 'run', projectFolder: '', threads: 4, processes, shards: {}, checkpoints: {} },
  }) as unknown as StartMessage;

/** Trainers that only keep what they are sent. */
function trainers() {
  const started: { listener: TrainerListener; environment: Record<string, string>; sent: ToTrainer[] }[] = [];
  const killed: string[] = [];
  const leaderSent: ToTrainer[] = [];
  const leader: TrainerLink = {
    send: (message) => void leaderSent.push(message),
    kill: () => void killed.push('leader'),
  };
  const link = (listener: TrainerListener, environment: Record<string, string>): TrainerLink => {
    const one = { listener, environment, sent: [] as ToTrainer[] };
    started.push(one);
    return { send: (message) => void one.sent.push(message), kill: () => void killed.push('helper') };
  };
  return { started, killed, leaderSent, leader, link };
}

const placesOf = (message: ToTrainer | undefined) => (message as StartMessage).places;
const gone: HostedExit & { broken: null } = { code: null, signal: 'SIGKILL', lastOutput: '', broken: null };

describe('helpers of a trainer', () => {
  it('are asked for by pretraining alone', () => {
    expect(processesOf(start(3))).toBe(3);
    expect(processesOf(start())).toBe(1);
    expect(processesOf(start(3, 'finetune'))).toBe(1);
    expect(processesOf({ type: 'pause' })).toBe(1);
  });

  it('get the same job, an equal share of the threads and the addresses of all', async () => {
    const all = trainers();
    const helpers = startHelpers(start(2), all.leader, all.link);
    await vi.waitFor(() => expect(all.leaderSent).toHaveLength(1));
    all.started[0]!.listener.onMessage({ type: 'ready' });
    const [first, second] = [placesOf(all.leaderSent[0]), placesOf(all.started[0]!.sent[0])];
    expect(first).toMatchObject({ threads: 2, meeting: { rank: 0 } });
    expect(second).toMatchObject({ threads: 2, meeting: { rank: 1, addresses: first.meeting!.addresses } });
    expect(new Set(first.meeting!.addresses).size).toBe(2);
    expect(all.started[0]!.environment).toEqual({ CUDA_VISIBLE_DEVICES: '1' });
    helpers.kill();
    expect(all.killed).toEqual(['helper']);
  });

  it('say how one ended before the run did, and nothing where it said its last word', async () => {
    const all = trainers();
    const helpers = startHelpers(start(3), all.leader, all.link);
    await vi.waitFor(() => expect(all.started).toHaveLength(2));
    all.started[0]!.listener.onMessage({ type: 'done' } satisfies FromTrainer);
    all.started[0]!.listener.onEnd(gone);
    expect(helpers.lost).toBeNull();
    all.started[1]!.listener.onEnd(gone);
    expect(helpers.lost).toMatchObject({
      signal: 'SIGKILL',
      lastOutput: expect.stringMatching(/process 3 of 3/),
    });
    expect(await helpers.tellsOfLoss()).toBe(true);
  });
});
