/** Flags that say how an engine places jobs; what they leave out is as the settings of this machine say. */
import type { Command } from 'commander';
import { engineWishesSchema, type EngineId, type EngineWishes } from '../../contract/elsewhere/engine.ts';
import { PretextError } from '../../contract/errors.ts';
import { readEngineWishes } from '../../machine/engines.ts';
import { wholeNumber } from './whole-number.ts';

export interface EngineFlags {
  partition?: string;
  account?: string;
  limit?: number;
  minutes?: number;
  memory?: number;
  gpus?: number;
  nodes?: number;
  hosts?: string;
  command?: string;
}

export function addEngineFlags(command: Command): Command {
  return command
    .option('--partition <name>', 'Slurm: the partition')
    .option('--account <name>', 'Slurm: the account')
    .option('--limit <count>', 'most jobs at once', wholeNumber)
    .option(
      '--minutes <count>',
      'time limit of a job; asked to end, it writes a checkpoint and is queued again; default: by measured steps, doubled',
      wholeNumber,
    )
    .option('--memory <MiB>', 'memory of a job; default: as estimated', wholeNumber)
    .option('--gpus <count>', 'Slurm: graphics processors of a job', wholeNumber)
    .option(
      '--nodes <count>',
      'Slurm: nodes on which the processes of one pretraining are spread; each opens a port there',
      wholeNumber,
    )
    .option('--hosts <list>', 'ssh: computers and their cores, for example anna@lab1:8,lab2:16')
    .option('--command <words>', 'how the program is called there; default: as here');
}

/** @throws PretextError `engine.wish` with the flag that is wrong */
export function wishesOf(engine: EngineId, flags: EngineFlags): EngineWishes {
  const { partition, account, limit, minutes, memory, gpus, nodes, hosts, command } = flags;
  const said = {
    partition,
    account,
    limit,
    minutes,
    memoryMiB: memory,
    gpus,
    nodes,
    command,
    hosts: hosts?.split(','),
  };
  const own = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const wishes = engineWishesSchema.safeParse({ ...readEngineWishes(engine), ...own });
  if (wishes.success) return wishes.data;
  const [issue] = wishes.error.issues;
  const field = String(issue?.path[0] ?? '');
  const flag = field === 'memoryMiB' ? '--memory' : `--${field}`;
  throw new PretextError({
    code: 'engine.wish',
    message: `${flag} ${issue?.message}`,
    place: flag,
    remedy: 'Correct it: nothing was started.',
  });
}
