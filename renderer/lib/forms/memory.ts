/** What a run would take in memory, in the words of the window. */
import { gigabytes, type MemoryEstimate, type MemoryOffer } from '../../../src/contract/machine/memory.ts';

export function memoryWords({ verdict, neededBytes, freeBytes }: MemoryEstimate): string {
  const [needed, free] = [gigabytes(neededBytes), gigabytes(freeBytes)];
  if (verdict === 'fits') return `Needs about ${needed} of memory; ${free} are free.`;
  if (verdict === 'tight') return `Needs about ${needed} of memory, and ${free} are free: it may not fit.`;
  return `Needs about ${needed} of memory, but only ${free} are free.`;
}

/** What to do where no change of the batch would help. */
export function memoryAdvice({ verdict, offers }: MemoryEstimate): string {
  if (verdict === 'fits') return '';
  return offers.length > 0
    ? 'Other programs can be closed, or:'
    : 'Close other programs, or choose a narrower encoder.';
}

/** The text of the button that takes an offer. */
export function offerWords({ field, value, neededBytes }: MemoryOffer): string {
  const change = field === 'batchSize' ? `Batches of ${value}` : `Steps in ${value} parts`;
  return `${change} (${gigabytes(neededBytes)})`;
}

export function offerHelp({ field, value }: MemoryOffer): string {
  return field === 'batchSize'
    ? `Sets the batch size to ${value}.`
    : `Sets accumulation to ${value}: the batch stays as it is, and is computed in ${value} parts, one after the other.`;
}
