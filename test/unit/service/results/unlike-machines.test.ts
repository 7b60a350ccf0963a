import { describe, expect, it } from 'vitest';
import { unlikeMachines } from '../../../../src/service/results/unlike-machines.ts';

type Given = Parameters<typeof unlikeMachines>[0][number];

const finetuned = (arm: string, environment: object | null, budget: number = 10): Given =>
  ({
    run: { name: arm, kind: 'finetune', environment },
    config: { arm, budget: { perClass: budget }, data: { pretrain: ['leaves'], finetune: 'leaves' } },
  }) as unknown as Given;
const xeon = { deviceName: 'Xeon', device: 'cpu', threads: 2, ownKernels: true };

describe('the machines of a comparison', () => {
  it('are no matter where they are alike, or not known', () => {
    expect(unlikeMachines([finetuned('pretrained', xeon), finetuned('baseline', { ...xeon })])).toEqual([]);
    expect(unlikeMachines([finetuned('pretrained', xeon), finetuned('baseline', null)])).toEqual([]);
    // Budgets are not compared with each other.
    const others = { ...xeon, threads: 8 };
    expect(unlikeMachines([finetuned('pretrained', xeon), finetuned('baseline', others, 50)])).toEqual([]);
  });

  it('are told where arms that are compared had unlike processors or threads', () => {
    const [caution, ...more] = unlikeMachines([
      finetuned('pretrained', xeon),
      finetuned('linear-probe', xeon),
      finetuned('baseline', { ...xeon, deviceName: 'Epyc', threads: 1 }),
    ]);
    expect(more).toEqual([]);
    expect(caution).toMatchObject({ code: 'unlike-machines' });
    expect(caution!.message).toContain('pretrained and linear-probe on Xeon with 2 threads');
    expect(caution!.message).toContain('baseline on Epyc with 1 thread.');
  });

  it('are told where the processes of one run were on unlike ones', () => {
    const run = {
      run: { name: 'simclr-1', kind: 'pretext', environment: { processesAlike: false } },
      config: { pretext: {} },
    } as unknown as Given;
    expect(unlikeMachines([run])).toMatchObject([
      { code: 'unlike-processes', message: expect.stringContaining('simclr-1') },
    ]);
  });
});
