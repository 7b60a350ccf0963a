/** What a study would take in memory, in lines for a terminal. */
import {
  gigabytes,
  tooLittleMemory,
  type MemoryEstimate,
  type MemoryOffer,
} from '../../contract/machine/memory.ts';

const STAGES = { pretext: 'Pretraining', finetune: 'Fine-tuning' } as const;

/** One line a stage; offers follow where it may not fit. */
export function memoryText(estimates: readonly MemoryEstimate[]): string {
  return estimates.flatMap((estimate) => [lineOf(estimate), ...offersOf(estimate)]).join('\n');
}

function lineOf({ stage, neededBytes, freeBytes }: MemoryEstimate): string {
  return `${STAGES[stage]} needs about ${gigabytes(neededBytes)} of memory; ${gigabytes(freeBytes)} are free.`;
}

function offersOf({ stage, verdict, offers }: MemoryEstimate): string[] {
  if (verdict === 'fits') return [];
  const words = offers.map((offer) => `  ${stage}.${offerText(offer)}`);
  return [...words, ...(offers.length === 0 ? ['  A narrower encoder would need less.'] : [])];
}

const offerText = ({ field, value, neededBytes }: MemoryOffer) =>
  `${field}: ${value} would need ${gigabytes(neededBytes)}`;

/** Why a study is not begun; null where all its stages may fit. */
export function refusalOf(estimates: readonly MemoryEstimate[]): ReturnType<typeof tooLittleMemory> | null {
  const refused = estimates.find(({ verdict }) => verdict === 'too-little');
  return refused ? tooLittleMemory(refused) : null;
}
