/** What `run.get` answers. */
import type { Checkpoint, Run, Transfer } from '../../../src/contract/entities.ts';
import type { RunConfig } from '../../../src/contract/recipe/run-config.ts';

export interface RunDetails {
  run: Run;
  checkpoints: Checkpoint[];
  transfer: Transfer | null;
  config: RunConfig;
}
