import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { Environment } from '../../../../src/cli/environment.ts';
import { memoryText, refusalOf } from '../../../../src/cli/words/memory-text.ts';
import { createProgressView } from '../../../../src/cli/session/progress-view.ts';
import type { Run } from '../../../../src/contract/entities.ts';
import type { MemoryEstimate } from '../../../../src/contract/machine/memory.ts';

const estimate = (more: Partial<MemoryEstimate>): MemoryEstimate => ({
  stage: 'pretext',
  neededBytes: 3e9,
  freeBytes: 8e9,
  verdict: 'fits',
  offers: [],
  ...more,
});
const tooLittle = estimate({
  stage: 'finetune',
  freeBytes: 1e9,
  verdict: 'too-little',
  offers: [{ field: 'batchSize', value: 16, neededBytes: 0.9e9 }],
});

it('every stage has its line, and offers where it may not fit', () => {
  expect(memoryText([])).toBe('');
  expect(memoryText([estimate({}), tooLittle]).split('\n')).toEqual([
    'Pretraining needs about 3.0 GB of memory; 8.0 GB are free.',
    'Fine-tuning needs about 3.0 GB of memory; 1.0 GB are free.',
    '  finetune.batchSize: 16 would need 0.9 GB',
  ]);
  expect(memoryText([estimate({ verdict: 'tight' })])).toContain('A narrower encoder');
});

it('a study is refused where one stage clearly will not fit', () => {
  expect(refusalOf([estimate({}), estimate({ verdict: 'tight' })])).toBeNull();
  expect(refusalOf([estimate({}), tooLittle])).toMatchObject({
    code: 'memory.too-little',
    place: 'finetune.batchSize',
    remedy: 'Set finetune.batchSize to 16 or less, or close other programs.',
  });
});

it('progress says what the first run of each stage needs, and every run that may not have it', () => {
  const stderr = new PassThrough();
  const view = createProgressView({ stderr } as unknown as Environment);
  const run = (id: string, kind: Run['kind'], memoryEstimateMiB: number, status: Run['status'] = 'running') =>
    ({
      id,
      kind,
      name: id,
      status,
      progress: null,
      findings: [],
      environment: { memoryEstimateMiB, memoryFreeMiB: 1000 },
    }) as unknown as Run;
  for (const one of [
    run('a', 'pretext', 900, 'queued'),
    run('a', 'pretext', 900),
    run('a', 'pretext', 900),
    run('b', 'finetune', 800),
    run('c', 'finetune', 800),
    run('d', 'finetune', 1100),
  ])
    view.show({ type: 'run', run: one });
  view.end();
  expect(String(stderr.read()).trimEnd().split('\n')).toEqual([
    'a: needs about 0.9 GB of memory; 1.0 GB are free',
    'b: needs about 0.8 GB of memory; 1.0 GB are free',
    'd: needs about 1.2 GB of memory; 1.0 GB are free',
  ]);
});
