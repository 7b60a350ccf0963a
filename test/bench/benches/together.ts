/** Each pretext task on each encoder that it can use: the losses of several processes beside those of one on the whole batch. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freeAddresses } from '../../../src/host/free-ports.ts';
import { encoders } from '../../../src/learning/encoders/registry.ts';
import { familiesFor, pretextTasks } from '../../../src/learning/pretext/registry.ts';
import type { StepsAnswer, StepsRequest, StepsSetting } from '../../fixtures/processes/steps.ts';
import type { BenchRow } from '../document.ts';
import type { BenchContext } from './context.ts';

const STEPS_FILE = fileURLToPath(new URL('../../fixtures/processes/steps.ts', import.meta.url));
const STEPS = 3;
/** What rounding may leave, as a share of the loss where that is above 1. */
export const ALLOWED = 1e-4;
/** MoCo v2 normalises keys in groups of a shuffled batch, which cannot be parted. */
const OPTIONS: Record<string, Record<string, unknown>> = { 'moco-v2': { keyGroups: 1 } };
/** How a batch of sixteen is computed: by so many processes, in so many parts one after the other. */
const WAYS = [
  { processes: 2, accumulation: 1 },
  { processes: 4, accumulation: 1 },
  { processes: 2, accumulation: 2 },
];

export async function togetherBench(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [task, settings] of Map.groupBy(allSettings(), ({ task }) => task)) {
    if (context.only && !context.only.includes(task)) continue;
    for (const way of WAYS.slice(0, context.rounds)) {
      const found = await rowsOf(settings, way);
      for (const row of found) context.say(`${row.case}: ${row.ours.toExponential(1)}`);
      rows.push(...found);
    }
  }
  return rows;
}

export const allSettings = (): StepsSetting[] =>
  pretextTasks.flatMap((task) =>
    task.modalities.flatMap((modality) =>
      familiesFor(task)
        .filter((family) =>
          encoders.some(({ id, modalities }) => id === family && modalities.includes(modality)),
        )
        .map((encoder) => ({ task: task.id, encoder, modality, options: OPTIONS[task.id] ?? {} })),
    ),
  );

async function rowsOf(
  settings: StepsSetting[],
  { processes, accumulation }: (typeof WAYS)[number],
): Promise<BenchRow[]> {
  const asked = settings.map((setting) => ({ ...setting, accumulation }));
  const addresses = await freeAddresses(processes);
  const [whole, ...parts] = await Promise.all([
    stepsBy({ rank: 0, addresses: [], steps: STEPS, settings: asked }),
    ...addresses.map((_, rank) => stepsBy({ rank, addresses, steps: STEPS, settings: asked })),
  ]);
  return settings.map(({ task, encoder, modality }, at) => {
    const name = `${task} on ${encoder}, ${modality}s, ${processes} processes${accumulation > 1 ? `, ${accumulation} parts a batch` : ''}`;
    const [first, ...others] = parts.map((part) => part[at]!);
    if (others.some(({ state }) => state !== first!.state))
      throw new Error(`${name}: the processes end in different states`);
    return rowOf(name, largestDifference(whole![at]!.losses, first!.losses));
  });
}

export const largestDifference = (whole: readonly number[], shared: readonly number[]): number =>
  Math.max(...whole.map((loss, step) => Math.abs(shared[step]! - loss) / Math.max(1, Math.abs(loss))));

const rowOf = (name: string, difference: number): BenchRow => ({
  bench: 'together',
  case: name,
  unit: `largest difference of ${STEPS} steps' losses`,
  ours: difference,
  peer: null,
  peerName: null,
  ratio: null,
  spread: null,
});

async function stepsBy(request: StepsRequest): Promise<StepsAnswer[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [STEPS_FILE, JSON.stringify(request)], {
    maxBuffer: 1 << 26,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as StepsAnswer);
}
