/** This program as it was at an earlier commit, beside which the present one is measured. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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
  standInForGone(place);
  return place;
}

/** Packages that the program has given up since load, and throw where they are used: no bench asks anything of them. */
function standInForGone(place: string): void {
  const { dependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const gone = Object.keys(dependencies).filter((name) => !existsSync(join(ROOT, 'node_modules', name)));
  const sources = gone.length === 0 ? [] : typeScriptOf(join(place, 'src'));
  for (const name of gone) {
    const folder = join(place, 'src', 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
    const names = new Set(sources.flatMap((text) => namesTakenFrom(name, text)));
    const functions = [...names].map(
      (one) => `export function ${one}() { throw new Error(${JSON.stringify(`${name} is gone`)}); }\n`,
    );
    writeFileSync(join(folder, 'index.js'), functions.join(''));
  }
}

const typeScriptOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));

function namesTakenFrom(name: string, text: string): string[] {
  const taken = new RegExp(`import \\{([^}]*)\\} from '${name}'`, 'g');
  return [...text.matchAll(taken)].flatMap(([, names = '']) =>
    names.split(',').flatMap((one) => one.trim().split(' as ')[0] || []),
  );
}

export const presentSources = ROOT;
