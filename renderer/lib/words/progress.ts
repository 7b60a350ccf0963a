/** A run's progress in words. */
import type { Progress, Run } from '../../../src/contract/entities.ts';
import type { QuestionProgress } from '../../../src/contract/messages/trainer.ts';
import { ARM_TITLES, budgetWords, formatCount, formatLoss, formatRate, formatTimeLeft } from './format.ts';

export function shareDone(progress: Progress | null): number {
  if (!progress || progress.steps === 0) return 0;
  const within = Math.min(1, progress.step / progress.steps);
  if (!progress.seed) return within;
  return Math.min(1, (progress.seed.index + within) / progress.seed.count);
}

export function positionWords(run: Run): string {
  const progress = run.progress;
  if (!progress) return run.status === 'running' ? 'starting' : run.status === 'queued' ? 'waiting' : '';
  if (progress.step === 0 && !progress.seed) return progress.phase.toLowerCase();
  if (progress.seed) return `seed ${progress.seed.index + 1}/${progress.seed.count}`;
  if (progress.epochs > 0)
    return `epoch ${Math.min(progress.epochs, Math.floor(progress.epoch) + 1)}/${formatCount(progress.epochs)}`;
  return progress.phase;
}

export function rateWords(run: Run, unit: string): string {
  const rate = run.progress?.samplesPerSecond;
  return rate == null ? '' : formatRate(rate, unit);
}

export function lossWords(run: Run): string {
  const loss = run.progress?.loss;
  return loss == null ? '' : `loss ${formatLoss(loss)}`;
}

export function leftWords(run: Run): string {
  const seconds = run.progress?.secondsLeft;
  return seconds == null ? '' : formatTimeLeft(seconds);
}

/** What a run is, in a line: "SimCLR on chest-x-rays", "Baseline, 10 labels per class". */
export function runWords(run: Run, taskTitle: (id: string | null) => string): string {
  const on = run.datasets.join(' + ');
  if (run.kind === 'pretext') return `${taskTitle(run.task)} on ${on}`;
  const arm = run.arm ? ARM_TITLES[run.arm] : 'Fine-tuning';
  if (run.making === 'final')
    return `A final model on all labels of ${on}, ${arm.toLowerCase()}; it measures nothing`;
  if (run.making === 'ensemble')
    return `An ensemble on ${on}, ${arm.toLowerCase()}; the comparison stays as it is`;
  return `${arm} on ${on}, ${run.budget ? budgetWords(run.budget) : 'all labels'}`;
}

/** Of what is asked of a trainer: "120 of 1,480 files, 12 a second, 2 min left". */
export function doneWords({ done, total }: QuestionProgress, elapsedSeconds: number): string {
  const words = `${formatCount(done)} of ${formatCount(total)}`;
  // Too early to tell.
  if (done === 0 || done >= total || elapsedSeconds < 1) return words;
  const perSecond = done / elapsedSeconds;
  const rate = perSecond >= 10 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1);
  return `${words}, ${rate} a second, ${formatTimeLeft((total - done) / perSecond)}`;
}
