import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstBytes } from '../../../../src/data/reading/first-bytes.ts';

it('reads how a file begins, and nothing where it cannot', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-bytes-'));
  try {
    const file = join(folder, 'some.bin');
    writeFileSync(file, Uint8Array.of(1, 2, 3, 4, 5));
    expect([...(await firstBytes(file, 3))]).toEqual([1, 2, 3]);
    expect([...(await firstBytes(file, 64))]).toEqual([1, 2, 3, 4, 5]);
    expect(await firstBytes(join(folder, 'missing.bin'), 64)).toHaveLength(0);
    expect(await firstBytes(folder, 64)).toHaveLength(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
