/** How far our encoders and views are from those of the libraries of the field, for the same numbers. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PretextError } from '../../../src/contract/errors.ts';
import type { BenchRow } from '../document.ts';
import { commandOf, workerEnvironment } from '../worker.ts';
import type { BenchContext } from './context.ts';

export type Likened = 'encoders' | 'views';

export const likenessSchema = z.array(
  z.object({
    case: z.string(),
    peerName: z.string(),
    difference: z.number().nonnegative(),
    /** Largest difference that is allowed. */
    most: z.number().positive(),
  }),
);
export type Likeness = z.infer<typeof likenessSchema>[number];

const run = promisify(execFile);
const scripts = { encoders: 'signal_networks.py', views: 'signal_views.py' };

/** @throws PretextError `bench.likeness` where one differs by more than is allowed */
export async function likeness(
  { python, folder, say }: Pick<BenchContext, 'python' | 'folder' | 'say'>,
  of: Likened,
): Promise<BenchRow[]> {
  say(`${of}: the libraries compute`);
  const script = fileURLToPath(new URL(`../peers/${scripts[of]}`, import.meta.url));
  const { stdout: theirs } = await run(python, [script], { maxBuffer: 2 ** 27 });
  const file = join(folder, `${of}.json`);
  writeFileSync(file, theirs);
  say(`${of}: ours beside them`);
  const own = commandOf('likeness.ts', python);
  const environment = { env: workerEnvironment('likeness.ts') };
  const { stdout } = await run(own.program, [own.file, of, file], environment);
  return likenessRows(of, likenessSchema.parse(JSON.parse(stdout)));
}

/** Kept apart from the runs, so that it can be tested. */
export function likenessRows(of: Likened, found: readonly Likeness[]): BenchRow[] {
  const worst = found.find(({ difference, most }) => !(difference <= most));
  if (worst)
    throw new PretextError({
      code: 'bench.likeness',
      message: `${worst.case} differs from ${worst.peerName} by ${worst.difference}; ${worst.most} are allowed.`,
    });
  return found.map(({ case: name, peerName, difference }) => ({
    bench: of,
    case: name,
    unit: 'largest difference',
    ours: difference,
    peer: null,
    peerName,
    ratio: null,
    spread: null,
  }));
}
