/** What an import does to rows once they are stored: asked about before anything is read where it cannot be done. */
import type { PrepareOptions } from '../../../contract/data/recordings/preparation.ts';
import { PretextError } from '../../../contract/errors.ts';
import type { Doubt } from '../../../contract/messages/rpc.ts';
import { electrodeOf } from '../../../contract/data/recordings/electrodes.ts';
import { stepsOf, type Step } from './steps.ts';

export interface PreparationPlan {
  /** Names of the channels as they are to be written, before any step. */
  written: string[];
  /** Names of the channels as they are stored. */
  names: string[];
  /** The last one's channels are those of the dataset. */
  steps: Step[];
}

/** @param rate rows a second as they are stored; null where nothing says it */
export function planPreparation(
  channels: readonly { name: string }[],
  rate: number | null,
  options: PrepareOptions,
): PreparationPlan & { doubts: Doubt[] } {
  const written = channels.map(({ name }) =>
    options.names === '10-20' ? (electrodeOf(name) ?? name) : name,
  );
  try {
    const steps = stepsOf(options, { rate, names: written });
    return { written, names: steps.at(-1)?.names ?? written, steps, doubts: [] };
  } catch (error) {
    if (!(error instanceof PretextError)) throw error;
    const { code, message, remedy = '' } = error.failure;
    return { written, names: written, steps: [], doubts: [{ code, message, remedy, blocking: true }] };
  }
}

/** Units that the files write, by the channels as they are stored; nothing where they write none. */
export function unitsOf(
  { written, names }: Pick<PreparationPlan, 'written' | 'names'>,
  units: readonly (string | null)[],
): { channelUnits?: (string | null)[] } {
  const known = new Map(written.map((name, at) => [name, units[at] ?? null]));
  const found = names.map((name) => known.get(name) || null);
  return found.some((unit) => unit !== null) ? { channelUnits: found } : {};
}

/** What stands in the way of preparing, not of labels or windows. */
export const ofPreparing = ({ code, blocking }: Doubt): boolean =>
  blocking && /^recordings\.(filter|reference|preset|no-channel|no-common-channel)$/.test(code);

/** In the words of a look at an import. */
export function preparationWords({ steps }: Pick<PreparationPlan, 'steps'>): string[] {
  if (steps.length === 0) return [];
  const reasons = steps.flatMap(({ words, why }) => (why === null ? [] : `${capital(words)}: ${why}`));
  return [`Prepared: ${steps.map(({ words }) => words).join('; ')}.`, ...reasons];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
