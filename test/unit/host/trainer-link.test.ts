import { expect, test } from 'vitest';
import type { HostedProcess, HostOptions } from '../../../src/contract/messages/host.ts';
import { LOW_PRIORITY } from '../../../src/host/priority.ts';
import { linkTrainer } from '../../../src/host/trainer-link.ts';

/** Starts nothing, and keeps with what it was asked to. */
function hostThatKeeps(kept: HostOptions[]) {
  const nothing = () => undefined;
  const hosted = { onMessage: () => nothing, onExit: nothing, kill: nothing, send: nothing };
  return {
    start: (_entry: string, options: HostOptions = {}) => {
      kept.push(options);
      return hosted as unknown as HostedProcess;
    },
  };
}

test('a trainer stands behind other programs where that is wished, and nowhere else', () => {
  const kept: HostOptions[] = [];
  const listener = { onMessage: () => undefined, onEnd: () => undefined };
  linkTrainer(hostThatKeeps(kept), listener, { priority: 'low' });
  linkTrainer(hostThatKeeps(kept), listener, { priority: 'normal' });
  linkTrainer(hostThatKeeps(kept), listener);
  expect(kept.map((options) => options.arguments ?? [])).toEqual([[LOW_PRIORITY], [], []]);
});
