/** What a job computes, without the weights that it begins with: known when it is packed, and the same when it comes back. */
import { identityOf } from '../runs/reuse.ts';
import type { PreparedJob } from '../runs/jobs.ts';

export function planOf({ job, ...data }: Pick<PreparedJob, 'job' | 'selectionHash' | 'datasetIds'>): string {
  return identityOf({
    ...data,
    job: job.kind === 'finetune' ? { ...job, checkpoint: null } : { ...job, startFrom: null },
  });
}
