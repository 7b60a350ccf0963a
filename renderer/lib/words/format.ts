/** Numbers, times and names as the window alone writes them; what others write as well stands in the contract. */
import { describeModality, type Modality } from '../../../src/contract/data/modality.ts';
import { formatCount } from '../../../src/contract/words.ts';

export {
  ARM_EXPLANATIONS,
  ARM_TITLES,
  budgetTitle,
  budgetWords,
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatExact,
  formatNumber,
  formatScore,
  labelsWords,
} from '../../../src/contract/words.ts';

/** Fixed to two digits so that a changing number does not jump. */
export function formatLoss(value: number): string {
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) < 0.1
      ? value.toFixed(4)
      : value.toFixed(2);
}

/** @param unit left out where what is counted stands beside it */
export function formatRate(perSecond: number, unit = ''): string {
  const value = perSecond >= 10 ? formatCount(perSecond) : perSecond.toFixed(1);
  return `${value}${unit && ` ${unit}`}/s`;
}

/** Rougher than a duration: a guess should not pretend to seconds. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 60) return `${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min left`;
  const minutes = Math.ceil(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

export function formatRelative(iso: string, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - Date.parse(iso)) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  const days = Math.round(seconds / 86_400);
  if (days === 1) return 'yesterday';
  if (days < 14) return `${days} days ago`;
  return new Date(iso).toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** "28 × 32 px, grey" of images, "128 samples × 8 channels" of signals. */
export const formatShape = (shape: readonly number[], modality: Modality): string =>
  describeModality(modality).describeShape(shape);

/** What one element of a dataset is called, where it is known what it holds. */
export const sampleWord = (modality: Modality | undefined): string =>
  modality === undefined ? 'sample' : describeModality(modality).sample;

/** An overfit gap: “0.23”, “−0.01”, never “-0.00”. */
export const formatGap = (gap: number): string => {
  const text = gap.toFixed(2);
  return text === '-0.00' ? '0.00' : text.replace('-', '−');
};

/** A name for files that every system takes: "chest-x-rays" of "Chest X-rays"; empty where no letter or digit is left. */
export const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
