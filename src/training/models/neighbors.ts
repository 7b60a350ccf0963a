/** The training samples that a model holds features of, as those that one sample is most like. */
import type { Neighbor } from '../../contract/model/prediction.ts';
import type { Nearest } from '../../learning/evaluation/predictions/novelty.ts';
import type { LoadedModel } from './load.ts';

const SHOWN = 4;

/** The most alike first. The model has a reference. */
export function neighborsOf({ model, reference }: LoadedModel, { rows, cosines }: Nearest): Neighbor[] {
  const labelOf = (row: number): string | number | null => {
    const target = reference!.targets[row]!;
    if (model.head.kind === 'classes') return model.head.classNames[target] ?? null;
    return Number.isNaN(target) ? null : target;
  };
  return Array.from(rows.subarray(0, SHOWN), (place, rank) => ({
    sample: reference!.samples[place]!,
    label: labelOf(place),
    likeness: cosines[rank]!,
  }));
}
