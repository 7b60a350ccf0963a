/** The data of many runs of one study, read once for all that see the same. */
import { createHash } from 'node:crypto';
import { sparedBy } from '../../contract/recipe/run-config.ts';
import type { ReadableProject, StoredRun } from '../../project/index.ts';
import { readRunData, type RunData } from '../runs/run-data.ts';

/** As `readRunData`; what it reads is kept while the caller keeps this. */
export function readOnce(): typeof readRunData {
  const known = new Map<string, Promise<RunData>>();
  return (project: ReadableProject, stored: StoredRun, signal?: AbortSignal) => {
    const { run, config } = stored;
    const key = createHash('sha256')
      .update(
        JSON.stringify([run.studyId, run.kind, run.datasets, config.data, config.fold, sparedBy(config)]),
      )
      .digest('hex');
    const found = known.get(key) ?? readRunData(project, stored, signal);
    known.set(key, found);
    return found;
  };
}
