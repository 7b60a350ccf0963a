/** Paths that the program was started with: a project, a recipe or data, as a desktop's "open with" hands them over. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The paths among a program's arguments. Menu entries give addresses (`file:///…`), shells give paths.
 * @param programs how many leading arguments name the program itself: one, or two in a checkout
 */
export function pathsAmong(argv: readonly string[], programs: number, workingDirectory: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .slice(programs - 1)
    .flatMap((argument) => asPath(argument, workingDirectory));
}

function asPath(argument: string, workingDirectory: string): string[] {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(argument)) return [resolve(workingDirectory, argument)];
  try {
    return [fileURLToPath(argument)];
  } catch {
    // An address of another kind, or of another machine, is no file to open.
    return [];
  }
}

export interface GivenPaths {
  add(paths: readonly string[]): void;
  /** What was given since somebody took it last. */
  take(): string[];
}

/** @param tell says that there is something to take */
export function keepGivenPaths(tell: () => void): GivenPaths {
  let waiting: string[] = [];
  return {
    add: (paths) => {
      if (paths.length === 0) return;
      waiting.push(...paths);
      tell();
    },
    take: () => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
