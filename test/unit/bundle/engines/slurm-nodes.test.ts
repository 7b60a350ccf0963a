import { expect, it } from 'vitest';
import { spreadOf } from '../../../../src/bundle/engines/slurm-nodes.ts';
import { slurm } from '../../../../src/bundle/engines/slurm.ts';
import type { Bundle } from '../../../../src/contract/elsewhere/bundle.ts';

const bundle: Bundle = {
  format: 1,
  id: 'abc',
  program: '1.0.0',
  madeAt: '',
  project: 'p',
  study: { id: 's', name: 'S' },
  jobs: 6,
  stages: ['1-4', '5-6'],
  together: { jobs: '1-2', processes: 4 },
  threads: 3,
  resources: { memoryMiB: 1000, minutes: null },
};
const scriptsOf = (wishes: object) =>
  new Map(
    slurm
      .scripts({ bundle, folder: '/data/jobs', command: 'pretext', wishes })
      .map(({ name, text }) => [name, text]),
  );

it('asks for nodes and tasks for pretraining alone, and only where it is told on how many nodes', () => {
  const text = scriptsOf({ nodes: 2, gpus: 1 }).get('submit.sh')!;
  expect(text).toContain(
    'submit_together() { hand_over "$@" --nodes=2 --ntasks=4 --ntasks-per-node=2 --mem=2400M --gpus-per-task=1 engine/together.sh; }',
  );
  expect(text.split('\n').filter((line) => /^submit(_together)? \d/.test(line))).toEqual([
    'submit_together 0 1-2',
    'submit 0 3-4',
    'submit 0 5-6 ${before:+--dependency=afterany:$before}',
  ]);
  const usual = scriptsOf({});
  expect(usual.get('submit.sh')).not.toContain('together');
  expect([...usual.keys()]).toEqual(['task.sh', 'submit.sh', 'cancel.sh', 'stage-1.txt', 'stage-2.txt']);
});

it('starts as many processes, each with its address and number, and says that they open ports', () => {
  const scripts = scriptsOf({ nodes: 4 });
  expect(scripts.get('together.txt')).toBe('1\n2\n');
  expect(scripts.get('together.sh')).toMatch(/without a password[^]*srun --cpus-per-task=3 /);
  expect(scripts.get('process.sh')).toContain(
    'pretext job run /data/jobs "$2" --processes "$3" --process $((SLURM_PROCID + 1)) &',
  );
});

it('refuses nodes that would get unequal numbers of processes', () => {
  expect(() => spreadOf({ bundle, wishes: { nodes: 3 } })).toThrow(
    /4 processes cannot be spread over 3 nodes/,
  );
  expect(spreadOf({ bundle, wishes: { nodes: 4 } })).toMatchObject({ perNode: 1, jobs: [1, 2] });
  expect(spreadOf({ bundle: { ...bundle, together: undefined }, wishes: { nodes: 3 } })).toBeNull();
});
