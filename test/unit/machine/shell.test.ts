import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { NUMBERS, quoted } from '../../../src/machine/shell.ts';

const said = (script: string) => execFileSync('sh', ['-c', script], { encoding: 'utf8' });

it.skipIf(process.platform === 'win32')('lets a shell take a word as it is, whatever stands in it', () => {
  for (const word of ['plain/word-1.0', "it's here", 'a $HOME `b` "c" \\ *', '', '-n;ls'])
    expect(said(`printf %s ${quoted(word)}`)).toBe(word);
});

it.skipIf(process.platform === 'win32')('takes lists of jobs apart', () => {
  expect(said(`echo 3,7-9,12 | ${NUMBERS}`)).toBe('3\n7\n8\n9\n12\n');
});
