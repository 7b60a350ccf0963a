/** This program as it was at an earlier commit, beside which the present one is measured. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PretextError } from '../../../src/contract/errors.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Writes the sources of a commit into a folder of their own, with the packages of the present. */
export function earlierSources(folder: string, commit: string): string {
  const place = join(folder, commit);
  mkdirSync(place, { recursive: true });
  const archive = join(folder, `${commit}.tar`);
  try {
    execFileSync('git', ['-C', ROOT, 'archive', `--output=${archive}`, commit, 'src', 'package.json']);
  } catch (error) {
    throw new PretextError({
      code: 'bench.history',
      message: `The commit ${commit}, which the bench compares with, is not here: ${(error as Error).message}`,
      remedy: 'Run the bench in a clone of the repository with its whole history.',
    });
  }
  execFileSync('tar', ['-xf', archive, '-C', place]);
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'), 'junction');
  return place;
}

export const presentSources = ROOT;
