/** How jobs are to be placed on other machines: what a settings file, flags or a form say of a queueing system. */
import { z } from 'zod';
import { integerField, listField, textField } from '../fields.ts';

const WORD = /^[A-Za-z0-9._:@/+-]+$/;
const WORD_IN_WORDS = 'letters, digits and . _ : @ / + - only';

const word = (field: { title?: string; help: string }) =>
  textField({ ...field, pattern: WORD, allowed: WORD_IN_WORDS, optional: true });

/** Who can place jobs on other machines; each has its file in `bundle/engines`. */
export const engineIdSchema = z.enum(['slurm', 'ssh']);
export type EngineId = z.infer<typeof engineIdSchema>;

/** A computer and the processor cores that may be used of it: `anna@lab1:8`. */
const hostSchema = textField({
  help: 'A computer and its cores.',
  pattern: /^[A-Za-z0-9._@+-]+:[1-9][0-9]*$/,
  allowed: 'a computer with its cores, as lab1:8',
});

export const engineWishesSchema = z.object({
  partition: word({ help: 'The part of the cluster that the jobs run on. Left out: its default.' }),
  account: word({ help: 'On whose account they run. Left out: your own.' }),
  limit: integerField({
    title: 'Jobs at once',
    help: 'Most jobs that run at the same time. Left out: as many as there is room for.',
    minimum: 1,
    maximum: 100_000,
    optional: true,
  }),
  minutes: integerField({
    title: 'Time limit',
    unit: 'min',
    help: 'Minutes that a job may take before it is asked to write a checkpoint and is queued again. Left out: twice what measured steps say.',
    minimum: 1,
    maximum: 100_000,
    optional: true,
  }),
  memoryMiB: integerField({
    title: 'Memory',
    unit: 'MiB',
    help: 'Memory of a job. Left out: as estimated.',
    minimum: 1,
    maximum: 100_000_000,
    optional: true,
  }),
  gpus: integerField({
    title: 'GPUs',
    help: 'Graphics processors of a job; of each process, where several nodes compute one.',
    minimum: 0,
    maximum: 1024,
    optional: true,
  }),
  nodes: integerField({
    title: 'Nodes together',
    help: 'Nodes on which the processes of one pretraining are spread, where the recipe says that it has several (`device.processes`). Each opens a port on every network of its node, without a password: only where the network is trusted. Left out: all on one node.',
    minimum: 1,
    maximum: 64,
    optional: true,
  }),
  hosts: listField({
    of: hostSchema,
    title: 'Computers',
    help: 'The computers, each with the processor cores that may be used of it: anna@lab1:8, lab2:16.',
    optional: true,
  }),
  command: textField({
    title: 'Command there',
    help: 'How the program is called on the other machines. Left out: as here, where it must be at the same place.',
    minimum: 1,
    optional: true,
  }),
});
export type EngineWishes = z.output<typeof engineWishesSchema>;

/** `anna@lab1:8` taken apart. */
export function hostOf(named: string): { host: string; cores: number } {
  const at = named.lastIndexOf(':');
  return { host: named.slice(0, at), cores: Number(named.slice(at + 1)) };
}

/** What the settings of a machine say, by engine. */
export const engineSettingsSchema = z.partialRecord(engineIdSchema, engineWishesSchema);
export type EngineSettings = z.output<typeof engineSettingsSchema>;
