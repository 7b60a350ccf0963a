import { Command } from 'commander';
import { expect, it } from 'vitest';
import {
  addSmoothingFlags,
  smoothingFlag,
  toSmoothing,
} from '../../../../src/cli/flags/smoothing-options.ts';

const parsed = (...argv: string[]) => {
  const command = addSmoothingFlags(new Command());
  command.exitOverride().parse(argv, { from: 'user' });
  return command.opts();
};

it('takes how stretches are made from flags, and defaults where none is given', () => {
  expect(toSmoothing(parsed())).toEqual({ averageSeconds: 0, margin: 0.1 });
  expect(toSmoothing(parsed('--every-seconds', '0.5', '--minimum-seconds', '30'))).toEqual({
    everySeconds: 0.5,
    averageSeconds: 0,
    margin: 0.1,
    minimumSeconds: 30,
  });
  expect([smoothingFlag(parsed()), smoothingFlag(parsed('--margin', '0.3'))]).toEqual([null, '--margin']);
});

it('says what a value has to be', () => {
  expect(() => toSmoothing(parsed('--margin', '2'))).toThrow(
    '--margin must be a number from 0 to 1. Found: 2',
  );
});
