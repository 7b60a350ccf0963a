import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256OfFile } from '../../../src/machine/file-hash.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

it('is the SHA-256 of the bytes of a file', async () => {
  const file = join(temporaryFolder(), 'abc');
  // FIPS 180-4, appendix B.
  writeFileSync(file, 'abc');
  expect(await sha256OfFile(file)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  writeFileSync(file, 'a'.repeat(1_000_000));
  expect(await sha256OfFile(file)).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
});
