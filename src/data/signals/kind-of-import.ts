/** What an import's recordings are of: found in the same way before it as of the dataset that comes of it. */
import { signalKindOf } from '../../contract/data/recordings/find-kind.ts';
import { presetIn, type SignalKindFacts } from '../../contract/data/recordings/signal-kinds.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { unitsOf, type PreparationPlan } from './preparation/plan.ts';

/**
 * @param units of the channels before any preparation, as the files write them
 * @param rate values a second as they are stored; null where nothing says it
 * @param source path of the file or folder that is imported
 */
export function kindOfImport(
  plan: Pick<PreparationPlan, 'written' | 'names'>,
  units: readonly (string | null)[],
  rate: number | null,
  { signals, options }: Pick<ImportOptions, 'signals' | 'options'>,
  source: string,
): SignalKindFacts {
  const { channelUnits } = unitsOf(plan, units);
  const known = { channelNames: plan.names, channelUnits, samplingRate: rate ?? undefined, source };
  return signalKindOf({ ...known, preparedAs: presetIn(options) }, signals.kind);
}
