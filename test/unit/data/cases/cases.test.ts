import { describe, it } from 'vitest';
import { given, type Case } from './case.ts';
import { folderCases } from './folders.ts';
import { imageCases } from './images.ts';
import { labelCases } from './labels.ts';
import { signalCases } from './signals.ts';
import { splitCases } from './splits.ts';

const kinds: Record<string, readonly Case[]> = {
  folders: folderCases,
  images: imageCases,
  'label files': labelCases,
  'splits and checks': splitCases,
  'text signals': signalCases,
};

describe.each(Object.entries(kinds))('%s', (_, cases) => {
  for (const entry of cases) {
    const test = entry.open ? it.fails : it;
    test(`${entry.folder}: ${entry.should}`, () => entry.check(given(entry)));
  }
});
