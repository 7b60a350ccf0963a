import { expect, test, vi } from 'vitest';
import { defaultPackageIndex, indexIn } from '../../../../build/runtime/package-index.mjs';

import { SetupError } from '../../../../build/setup/say.mjs';

const help = (text: string) => `
Package Index Options:
  -i, --index-url <url>       Base URL of the Python Package Index (default
                              ${text}). This should point to a
                              repository compliant with PEP 503.
  --extra-index-url <url>     Extra URLs of package indexes to use in addition
`;

test('the index is the one that pip’s help names as its default', () => {
  expect(indexIn(help('https://index.example/simple'))).toBe('https://index.example/simple');
});

test('none is taken from what is no address, not encrypted, or another option', () => {
  expect(indexIn(help('None'))).toBeNull();
  expect(indexIn(help('http://index.example/simple'))).toBeNull();
  expect(indexIn('  --find-links <url>  (default https://other.example)\n  --x')).toBeNull();
});

test('without pip there is none, and the build goes on', () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const none = () => {
    throw new SetupError('no Python', 'get one');
  };
  expect(defaultPackageIndex(none)).toBeNull();
  told.mockRestore();
});
