/** The machine's settings as the window writes and uses them. */
import type { DoctorReport } from '../../../src/contract/machine/doctor.ts';
import { rangeWords } from '../../../src/contract/field-words.ts';
import type { Recipe } from '../../../src/contract/recipe/recipe.ts';
import type { MachineSettings, Priority } from '../../../src/contract/machine/settings.ts';
import { formatCounted } from '../words/format.ts';
import type { NumberField } from '../../../src/contract/field-schema.ts';

export function deviceWith(
  settings: Pick<MachineSettings, 'threads' | 'precision'> | undefined,
): Recipe['device'] {
  const { threads = null, precision = 'float32' } = settings ?? {};
  return { ...(threads !== null && { threads }), precision };
}

export const threadsField = (cores: number): NumberField => ({
  kind: 'number',
  name: 'threads',
  title: 'Number of threads',
  help: '',
  unit: '',
  advanced: false,
  required: true,
  initial: cores,
  whole: true,
  minimum: 1,
  maximum: cores,
  openMinimum: false,
  allowed: `a whole number${rangeWords({ minimum: 1, maximum: cores })}`,
  slider: cores > 1 && cores <= 64,
});

/** "AMD EPYC 9B45, TensorFlow 2.21.0 on the processor" */
export function deviceWords({ kind, name, tensorflow }: NonNullable<DoctorReport['device']>): string {
  return `${name}, by TensorFlow ${tensorflow} on the ${kind === 'cpu' ? 'processor' : 'GPU'}`;
}

export function threadWords(threads: number | null, cores: number): string {
  if (threads === null) return `All ${formatCounted(cores, 'thread')} that the processor runs at once.`;
  if (threads === cores) return 'All that the processor runs at once.';
  const left = cores - threads;
  return `${formatCounted(left, 'thread')} ${left === 1 ? 'stays' : 'stay'} free for other programs; training is slower.`;
}

export const PRIORITY_WORDS: Record<Priority, string> = {
  low: 'Training gets what other programs leave of the processor, and all of it while they rest.',
  normal: 'Training shares the processor with other programs on equal terms: they may become slow.',
};
