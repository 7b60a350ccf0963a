/** The list of what an import left out or thought worth noting. */
import type { ImportIssue } from '../../contract/index.ts';
import { reasonWords } from '../../contract/data/issue-words.ts';
import { PretextError } from '../../contract/errors.ts';

export interface IssueList {
  readonly all: ImportIssue[];
  readonly leftOutCount: number;
  leaveOut(file: string, reason: string, message: string, row?: number): void;
  note(file: string, reason: string, message: string, row?: number): void;
}

export function createIssueList(): IssueList {
  const all: ImportIssue[] = [];
  let leftOut = 0;
  const add = (
    severity: ImportIssue['severity'],
    file: string,
    reason: string,
    message: string,
    row?: number,
  ) => {
    all.push({ file, reason, message, severity, ...(row === undefined ? {} : { row }) });
  };
  return {
    all,
    get leftOutCount() {
      return leftOut;
    },
    leaveOut(file, reason, message, row) {
      leftOut += 1;
      add('left-out', file, reason, message, row);
    },
    note(file, reason, message, row) {
      add('noted', file, reason, message, row);
    },
  };
}

/** "12 × broken, 3 × no window fits", most frequent first. */
export function summariseReasons(issues: readonly ImportIssue[]): string {
  const counts = new Map<string, number>();
  for (const issue of issues) {
    if (issue.severity === 'left-out') counts.set(issue.reason, (counts.get(issue.reason) ?? 0) + 1);
  }
  return [...counts]
    .sort((first, second) => second[1] - first[1])
    .map(([reason, count]) => `${count} × ${reasonWords(reason)}`)
    .join(', ');
}

/** The failure of an import in which nothing could be read; it names the first file as an example. */
export function nothingLeft(path: string, kind: string, issues: readonly ImportIssue[]): PretextError {
  const first = issues.find((issue) => issue.severity === 'left-out');
  const reasons = summariseReasons(issues);
  return new PretextError({
    code: 'dataset.empty',
    message: reasons
      ? `None of the ${kind} could be imported: ${reasons}. The first: ${first?.file}: ${first?.message}`
      : `No ${kind} were found.`,
    place: path,
    remedy: 'Choose the file or folder that holds the data, or mend the files named here.',
  });
}

/** What a failed file operation means to somebody who knows no error codes. */
export function describeFileError(error: unknown, path: string): { reason: string; message: string } {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      reason: 'no-permission',
      message:
        'You have no permission to read this file. Change its permissions, or copy it to your own folder.',
    };
  }
  if (path.includes('\uFFFD') || code === 'EILSEQ') {
    return {
      reason: 'unreadable-name',
      message: 'The file name holds characters that cannot be read. Rename the file.',
    };
  }
  if (code === 'ENOENT') {
    return {
      reason: 'missing',
      message: 'The file is not there: it is a broken link or was removed meanwhile.',
    };
  }
  if (code === 'EISDIR') return { reason: 'folder', message: 'This is a folder, not a file.' };
  if (code === 'EIO') {
    return {
      reason: 'unreadable',
      message: 'The disk could not read this file (input/output error). Check the disk.',
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { reason: 'unreadable', message: `The file could not be read: ${detail}` };
}
