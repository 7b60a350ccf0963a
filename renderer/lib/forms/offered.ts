/** In which order checkpoints are offered to start from. */
import type { Checkpoint, Run } from '../../../src/contract/entities.ts';

/** Runs that ended well first; those that failed last, as their best may be best at nothing. */
const RANK: Partial<Record<Run['status'], number>> = { done: 0, failed: 2, cancelled: 2 };

/** The order given is kept among runs that ended alike. */
export function inOfferedOrder<Offer extends { checkpoint: Checkpoint }>(
  offers: readonly Offer[],
  statusOf: (runId: string) => Run['status'] | undefined,
): Offer[] {
  const rank = ({ checkpoint }: Offer) => RANK[statusOf(checkpoint.runId) ?? 'failed'] ?? 1;
  return [...offers].sort((a, b) => rank(a) - rank(b));
}

/** "simclr-3, best (epoch 40)", and how its run ended where that matters. */
export function offerTitle(
  run: Pick<Run, 'name' | 'status'> | undefined,
  { runId, kind, epoch }: Checkpoint,
  formatCount: (count: number) => string,
): string {
  const ended = run && RANK[run.status] === 2 ? `, of a run that ${ENDED[run.status]}` : '';
  return `${run?.name ?? runId}, ${kind} (epoch ${formatCount(Math.round(epoch))}${ended})`;
}

const ENDED: Partial<Record<Run['status'], string>> = { failed: 'failed', cancelled: 'was cancelled' };
