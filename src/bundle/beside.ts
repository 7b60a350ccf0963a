/** Where bundles of a project's studies are made where nobody says another place. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Beside the project, as other machines would not see what is in it. The name that bundles have, but for their number. */
export const bundlesBeside = (project: string, studyId: string): string =>
  join(dirname(project), `${basename(project, '.pretext')}-jobs`, studyId);

/** The bundle that was made last. @returns null where there is none */
export function latestBundle(bundles: string): string | null {
  const next = nextNumber(bundles);
  return next > 1 ? numbered(bundles, next - 1) : null;
}

export const nextBundle = (bundles: string): string => numbered(bundles, nextNumber(bundles));

const numbered = (bundles: string, number: number) => `${bundles}-${number}`;

function nextNumber(bundles: string): number {
  let number = 1;
  while (existsSync(numbered(bundles, number))) number++;
  return number;
}
