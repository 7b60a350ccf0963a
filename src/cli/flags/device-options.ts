/** Flags that say how a study computes on this machine. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  placeOfRunsSchema,
  precisionSchema,
  type PlaceOfRuns,
  type PrecisionChoice,
} from '../../contract/recipe/device.ts';

export interface DeviceFlags {
  threads?: number;
  processes?: number;
  on?: PlaceOfRuns;
  precision?: PrecisionChoice;
}

export const threadCount = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('It must be a whole number from 1, at most that of the processor.');
};

const processCount = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new InvalidArgumentError('It must be a whole number from 1 to 64.');
};

export const precisionOption = (description: string): Option =>
  new Option('--precision <kind>', description).choices(precisionSchema.options);

export function addDeviceFlags(command: Command): Command {
  return command
    .option('--threads <count>', 'processor threads; default: as the recipe or the settings say', threadCount)
    .option(
      '--processes <count>',
      'so many processes of this machine compute each step of pretraining together; they open ports that anybody who reaches this machine could use',
      processCount,
    )
    .addOption(
      precisionOption(
        'float32, or mixed (16 bits in large products); default: as the recipe or the settings say',
      ),
    )
    .addOption(
      new Option('--on <place>', 'who computes: here, a Slurm cluster, or computers by ssh').choices(
        placeOfRunsSchema.options,
      ),
    );
}

/** What the flags wish of the recipe's part about the machine. */
export const deviceOf = ({ threads, processes, precision, on }: DeviceFlags) => ({
  ...(threads !== undefined && { threads }),
  ...(processes !== undefined && { processes }),
  ...(precision && { precision }),
  ...(on && { on }),
});
