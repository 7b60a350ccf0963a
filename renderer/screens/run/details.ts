/** What `run.get` answers. */
import type { Checkpoint, Run, Transfer } from '../../../src/contract/entities.ts';

export interface RunDetails {
  run: Run;
  checkpoints: Checkpoint[];
  transfer: Transfer | null;
  config: Record<string, unknown>;
}
