/**
 * Data as people have it, and what has to come of it: one line of `cases.test.ts` each.
 *
 * A new case is a folder in test/fixtures/cases and an entry in the list of its kind.
 */
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import type { PretextError } from '../../../../src/contract/errors.ts';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { Inspection } from '../../../../src/contract/messages/rpc.ts';
import { inspect } from '../../../../src/data/inspect.ts';
import { failureOf, importFrom, type Imported } from '../../../fixtures/imports.ts';

type Options = Record<string, unknown>;

export interface Case {
  /** Folder in test/fixtures/cases. */
  folder: string;
  /** Ends the sentence "import of …": what should come of it. */
  should: string;
  /** What the import is told; `labels` is a file in the folder. */
  options?: Options;
  /** Not so yet. The test says when it is, so that this word goes. */
  open?: true;
  check(given: Given): Promise<void>;
}

export interface Given {
  /** The folder itself. */
  path: string;
  /** Imports with the case's options and these. */
  import(more?: Options): Promise<Imported>;
  /** What the import is refused with. */
  refusal(more?: Options): Promise<PretextError['failure']>;
  /** What is said before importing. */
  inspect(more?: Options): Promise<Inspection>;
}

export function given({ folder, options }: Case): Given {
  const path = fileURLToPath(new URL(`../../../fixtures/cases/${folder}`, import.meta.url));
  const all = (more: Options = {}): Options => {
    const joined = { ...options, ...more };
    return typeof joined['labels'] === 'string'
      ? { ...joined, labels: resolve(path, joined['labels']) }
      : joined;
  };
  return {
    path,
    import: (more) => importFrom(path, all(more)),
    refusal: (more) => failureOf(importFrom(path, all(more))),
    inspect: (more) => inspect(path, importSchema.parse({ path, ...all(more) })),
  };
}
