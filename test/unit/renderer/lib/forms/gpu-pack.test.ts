import { expect, test } from 'vitest';
import { progressWords } from '../../../../../renderer/lib/forms/gpu-pack.ts';

const progress = { type: 'progress' as const, words: 'Fetching cuDNN', doneBytes: 1.2e9, totalBytes: 3.4e9 };

test('progress says what is done, the rate and the time left', () => {
  expect(progressWords(progress, 100_000)).toMatch(/^Fetching cuDNN: 1\.2 of 3\.4 GB, 12 MB\/s, .*4 min/);
  // A rate of the first moments is none.
  expect(progressWords(progress, 500)).toBe('Fetching cuDNN: 1.2 of 3.4 GB');
});
