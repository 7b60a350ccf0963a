/** What is said where a file or folder cannot be read. */
import { PretextError } from '../../contract/errors.ts';

/**
 * @param error what the system answered
 * @param dataset name of what would be imported from there, where a recipe gives it one
 */
export function cannotRead(path: string, error: unknown, dataset?: string): PretextError {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const origin = dataset === undefined ? '' : `, from which the recipe imports “${dataset}”`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new PretextError({
      code: 'path.no-permission',
      message: `You have no permission to read this file or folder${origin}.`,
      place: path,
      remedy: 'Change its permissions, or copy the data to a folder of your own.',
    });
  }
  return new PretextError({
    code: 'path.missing',
    message: `There is no such file or folder${origin}.`,
    place: path,
    remedy: 'Check the path; in a recipe it is relative to the recipe’s file.',
  });
}
