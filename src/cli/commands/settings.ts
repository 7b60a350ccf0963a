import { Option, type Command } from 'commander';
import type { PrecisionChoice } from '../../contract/recipe/device.ts';
import {
  prioritySchema,
  type Machine,
  type MachineChange,
  type Priority,
} from '../../contract/machine/settings.ts';
import { precisionOption, threadCount } from '../flags/device-options.ts';
import { printJson, printLine, type Environment } from '../environment.ts';

interface Options {
  threads?: number | typeof AUTOMATIC;
  precision?: PrecisionChoice;
  priority?: Priority;
  json?: boolean;
}

const AUTOMATIC = 'automatic';

/** No project is needed: the settings are the machine's. */
export function addSettingsCommand(program: Command, environment: Environment): void {
  program
    .command('settings')
    .description('show or change how new runs compute on this machine, for all projects')
    .option('--threads <count>', 'processor threads, or automatic: as many as there are', threadsOf)
    .addOption(precisionOption('float32, or mixed (16 bits in large products)'))
    .addOption(
      new Option(
        '--priority <choice>',
        'low leaves the processor to other programs whenever they want it',
      ).choices(prioritySchema.options),
    )
    .option('--json', 'print one JSON document')
    .action(async ({ json, threads, precision, priority }: Options) => {
      const change: MachineChange = {
        ...(threads !== undefined && { threads: threads === AUTOMATIC ? null : threads }),
        ...(precision && { precision }),
        ...(priority && { priority }),
      };
      const { changeMachine, readMachine } = await import('../../machine/settings.ts');
      const machine = Object.keys(change).length > 0 ? changeMachine(change) : readMachine();
      if (json) printJson(environment, machine);
      else printLine(environment, machineText(machine));
    });
}

const threadsOf = (text: string) => (text === AUTOMATIC ? AUTOMATIC : threadCount(text));

function machineText({ settings, cores, file }: Machine): string {
  const { threads, precision, priority } = settings;
  return [
    `Threads: ${threads === null ? `automatic (all ${cores})` : `${threads} of ${cores}`}`,
    `Precision: ${precision}`,
    `Priority: ${priority}`,
    `For runs that begin from now on, where neither recipe nor flags say otherwise. Kept in ${file}`,
  ].join('\n');
}
