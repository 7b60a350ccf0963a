/** Issues of rows: a million of one kind say no more than a hundred and their number. */
import type { IssueList } from './issues.ts';

const MOST_LISTED = 100;

/**
 * Lists the first rows of a kind one by one, and counts the others.
 * @param name of the file
 */
export function createLimit(issues: IssueList, name: string) {
  const counts = { leaveOut: new Map<string, number>(), note: new Map<string, number>() };
  const add =
    (as: 'leaveOut' | 'note') =>
    (reason: string, message: string, row: number): void => {
      const count = (counts[as].get(reason) ?? 0) + 1;
      counts[as].set(reason, count);
      if (count <= MOST_LISTED) issues[as](name, reason, message, row);
    };
  return {
    leaveOut: add('leaveOut'),
    note: add('note'),
    finish() {
      for (const as of ['leaveOut', 'note'] as const)
        for (const [reason, count] of counts[as]) {
          const more = count - MOST_LISTED;
          if (more > 0)
            issues[as](
              name,
              reason,
              `The same holds for ${more} more ${more === 1 ? 'row' : 'rows'}, which are not listed.`,
            );
        }
    },
  };
}
