import { describe, expect, it } from 'vitest';
import type { Checkpoint, Run } from '../../../../../src/contract/entities.ts';
import { inOfferedOrder, offerTitle } from '../../../../../renderer/lib/forms/offered.ts';

const checkpoint = (runId: string, kind: Checkpoint['kind'] = 'last'): Checkpoint => ({
  id: `${runId}-${kind}`,
  runId,
  kind,
  step: 10,
  epoch: 3.6,
  file: '',
  bytes: 1,
  sha256: '',
  score: null,
  scoreOf: null,
  createdAt: '',
});

describe('checkpoints to start from', () => {
  it('of runs that are done come before those of runs that go on, and of failed runs last', () => {
    const status: Record<string, Run['status']> = { a: 'failed', b: 'running', c: 'done', d: 'cancelled' };
    const offers = ['a', 'a', 'b', 'c', 'd'].map((id, i) => ({
      checkpoint: checkpoint(id, i === 1 ? 'best' : 'last'),
    }));
    const order = inOfferedOrder(offers, (id) => status[id]).map((one) => one.checkpoint.id);
    expect(order).toEqual(['c-last', 'b-last', 'a-last', 'a-best', 'd-last']);
  });

  it('say when their run failed', () => {
    expect(offerTitle({ name: 'simclr-1', status: 'failed' }, checkpoint('a', 'best'), String)).toBe(
      'simclr-1, best (epoch 4, of a run that failed)',
    );
    expect(offerTitle({ name: 'simclr-1', status: 'done' }, checkpoint('a'), String)).toBe(
      'simclr-1, last (epoch 4)',
    );
  });
});
