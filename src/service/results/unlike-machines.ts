/**
 * Whether the arms of a comparison were computed on unlike machines: results differ in their last digits by processor and
 * number of threads, and a chaotic training makes more of that.
 */
import type { Run } from '../../contract/entities.ts';
import type { Caution } from '../../contract/results/result.ts';
import type { RunEnvironment } from '../../contract/results/environment.ts';
import type { StoredRun } from '../../project/index.ts';

type Measured = { run: Pick<Run, 'name' | 'kind' | 'environment'>; config: StoredRun['config'] };

/** What makes numbers differ, in words. */
function machineOf({ deviceName, device, threads, ownKernels }: RunEnvironment): string {
  const processor = deviceName ?? device ?? 'an unknown processor';
  const counted = threads === undefined ? '' : ` with ${threads} thread${threads === 1 ? '' : 's'}`;
  return `${processor}${counted}${ownKernels === false && device === 'cpu' ? ", by TensorFlow's own operations" : ''}`;
}

/** Fine-tuning runs that are compared: one dataset, one budget, one fold; their arms are what differs. */
function comparedWith({ config }: Measured): string {
  if (!('arm' in config)) return '';
  const { data, budget, fold, pretraining } = config;
  return JSON.stringify([data.finetune ?? data.pretrain[0], budget, fold, pretraining]);
}

export function unlikeMachines(runs: readonly Measured[]): Caution[] {
  return [...unlikeArms(runs), ...unlikeProcesses(runs)];
}

function unlikeArms(runs: readonly Measured[]): Caution[] {
  const told = runs.filter(({ run, config }) => 'arm' in config && run.environment?.threads !== undefined);
  const groups = [...Map.groupBy(told, comparedWith).values()];
  const unlike = groups.filter((group) => new Set(group.map(machineOfRun)).size > 1);
  if (unlike.length === 0) return [];
  const byMachine = Map.groupBy(unlike[0]!, machineOfRun);
  const example = [...byMachine].map(([machine, on]) => `${armsOf(on)} on ${machine}`).join('; ');
  const others = unlike.length > 1 ? ` So it is for ${unlike.length - 1} more of the comparisons.` : '';
  return [
    {
      code: 'unlike-machines',
      message: `Arms that are compared were computed on unlike machines: ${example}.${others} Numbers differ in their last digits by processor and threads, so a small part of a difference may come from that.`,
    },
  ];
}

const machineOfRun = ({ run }: Measured) => machineOf(run.environment!);
const armsOf = (runs: readonly Measured[]) =>
  [...new Set(runs.map(({ config }) => ('arm' in config ? config.arm : '')))].join(' and ');

function unlikeProcesses(runs: readonly Measured[]): Caution[] {
  const unlike = runs.filter(({ run }) => run.environment?.processesAlike === false);
  if (unlike.length === 0) return [];
  const names = unlike.map(({ run }) => run.name).join(', ');
  return [
    {
      code: 'unlike-processes',
      message: `The processes that computed ${names} together were on unlike processors, or had unlike numbers of threads: computed again on others, its numbers differ in their last digits.`,
    },
  ];
}
