/** Notices when the folder of an open project is moved, renamed or deleted, or its disk is taken away. */
import { statSync } from 'node:fs';
import type { Failure } from '../../contract/errors.ts';
import { databaseFile, type WritableProject } from '../../project/index.ts';

const LOOK_EVERY_MS = 2_000;
/** A disk of another machine may be away for a moment. */
const LOOKS = 2;

/** `onGone` is called once. */
export function watchPlace(
  { folder }: Pick<WritableProject, 'folder'>,
  onGone: (failure: Failure) => void,
  everyMs = LOOK_EVERY_MS,
): { close(): void } {
  const opened = markOf(folder);
  let missed = 0;
  const timer = setInterval(() => {
    missed = markOf(folder) === opened ? 0 : missed + 1;
    if (missed < LOOKS) return;
    clearInterval(timer);
    onGone(gone(folder));
  }, everyMs);
  return { close: () => clearInterval(timer) };
}

/** Which file it is, whatever its name; null where there is none that can be seen. */
function markOf(folder: string): string | null {
  try {
    const { dev, ino } = statSync(databaseFile(folder));
    return `${dev}-${ino}`;
  } catch {
    // Gone, renamed, or on a disk that does not answer: it is not there either way.
    return null;
  }
}

function gone(folder: string): Failure {
  return {
    code: 'project.moved',
    message:
      'The project is no longer where it was opened: its folder was moved, renamed or deleted, or its disk was taken away.',
    place: folder,
    remedy: 'Open it from where it is now. What was running goes on from its last checkpoint.',
  };
}
