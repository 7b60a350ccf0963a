/** The training samples that a model holds features of, as those that one sample is most like. */
import { targetsText } from '../../contract/data/target.ts';
import type { Neighbor } from '../../contract/model/prediction.ts';
import type { Nearest } from '../../learning/evaluation/predictions/novelty.ts';
import type { LoadedModel } from './load.ts';

const SHOWN = 4;

/** The most alike first. The model has a reference. */
export function neighborsOf({ model, reference }: LoadedModel, { rows, cosines }: Nearest): Neighbor[] {
  const labelOf = (row: number): string | number | null => {
    const { head } = model;
    if (head.kind === 'labels' || head.kind === 'numbers') {
      const width = head.names.length;
      const own = reference!.targets.subarray(row * width, (row + 1) * width);
      return targetsText(own, head.names, head.kind);
    }
    const target = reference!.targets[row]!;
    if (head.kind === 'classes') return head.classNames[target] ?? null;
    return Number.isNaN(target) ? null : target;
  };
  return Array.from(rows.subarray(0, SHOWN), (place, rank) => ({
    sample: reference!.samples[place]!,
    label: labelOf(place),
    likeness: cosines[rank]!,
  }));
}
