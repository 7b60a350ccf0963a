/** Carries the weights of a pretrained encoder into a new model, and accounts for every tensor. */
import { PretextError } from '../../contract/errors.ts';
import type { TransferReport } from '../../contract/entities.ts';
import type { StateArrays } from '../../tensor/index.ts';

export interface TransferOptions {
  /** Encoder tensors are not trained: for the whole run, for its first part, or never. */
  freeze: 'always' | 'at-first' | 'never';
}

export interface Transfer {
  /** The target's state with the encoder's tensors taken from the source; arrays are copies. */
  state: StateArrays;
  report: TransferReport;
}

const isEncoder = (name: string) => name.startsWith('encoder/');
const sameShape = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((side, axis) => side === b[axis]);

/**
 * Fills the encoder of `target` from `source` by name and shape.
 *
 * The report has four lists. `taken`: encoder tensors that come from the source. `replaced`: tensors of the
 * task's head that are left behind, and those of the new head that begin at random. `missing`: encoder tensors
 * that the source lacks or has in another shape; they keep the target's random values. `frozen`: those of
 * `taken` that are not trained (at first).
 *
 * @throws PretextError where not a single encoder tensor fits: the encoders are different networks
 */
export function transferWeights(
  source: StateArrays,
  target: StateArrays,
  options: TransferOptions,
): Transfer {
  const report: TransferReport = { taken: [], replaced: [], missing: [], frozen: [] };
  const state: StateArrays = {};
  for (const [name, own] of Object.entries(target)) {
    const found = source[name];
    const fits = isEncoder(name) && found !== undefined && sameShape(found.shape, own.shape);
    const chosen = fits ? found : own;
    state[name] = { ...chosen, shape: [...chosen.shape], values: chosen.values.slice() };
    if (fits) report.taken.push({ name, shape: own.shape, note: 'from the checkpoint' });
    else if (isEncoder(name))
      report.missing.push({ name, shape: own.shape, note: missingNote(found?.shape) });
    else report.replaced.push({ name, shape: own.shape, note: 'new head, begins at random' });
  }
  if (report.taken.length === 0) throw nothingFits(report.missing[0]);
  for (const [name, { shape }] of Object.entries(source))
    if (!(name in target))
      report.replaced.push({ name, shape, note: 'belongs to the pretext task, left behind' });
  if (options.freeze !== 'never') {
    const note = options.freeze === 'always' ? 'never trained' : 'trained once the head has learned';
    report.frozen = report.taken.map(({ name, shape }) => ({ name, shape, note }));
  }
  return { state, report };
}

function missingNote(foundShape: readonly number[] | undefined): string {
  if (!foundShape) return 'not in the checkpoint, begins at random';
  return `has shape [${foundShape.join(', ')}] in the checkpoint, begins at random`;
}

function nothingFits(example: { name: string; note: string } | undefined): PretextError {
  return new PretextError({
    code: 'transfer.nothing-fits',
    message: `No tensor of the checkpoint fits the encoder${example ? ` (${example.name}: ${example.note})` : ''}.`,
    place: 'encoder',
    remedy: 'Use the same encoder with the same options as in pretraining.',
  });
}
