import { expect, test } from 'vitest';
import { indexIn } from '../../../../build/runtime/package-index.mjs';

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
