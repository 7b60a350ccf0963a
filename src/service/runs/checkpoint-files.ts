/** Files of checkpoints that nothing refers to any more. */
import { deleteOwnFile } from '../../project/index.ts';
import type { Workplace } from '../workplace/workplace.ts';

/** After the commit that took them out of the database; a file that cannot be deleted only costs space. */
export function deleteCheckpointFiles({ project, log }: Workplace, files: readonly string[]): void {
  for (const file of files) {
    try {
      deleteOwnFile(project.folder, 'checkpoints', file);
    } catch (error) {
      log.warn({ err: error, file }, 'a superseded checkpoint could not be deleted');
    }
  }
}
