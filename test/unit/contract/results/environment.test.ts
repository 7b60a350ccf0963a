import { expect, it } from 'vitest';
import { environmentSchema } from '../../../../src/contract/results/environment.ts';

it('the environment of a run is kept whole, whichever version told it', () => {
  const ofTheFirst = {
    tensorflow: '2.9.1',
    device: 'cpu',
    threads: 2,
    cores: 4,
    node: '24',
    platform: 'linux-x64',
  };
  const ofAnother = {
    ...ofTheFirst,
    ownKernels: true,
    stepMilliseconds: 12.5,
    kernelVersion: 'later',
    isWarm: false,
  };
  for (const told of [{}, ofTheFirst, ofAnother]) expect(environmentSchema.parse(told)).toEqual(told);
  expect(environmentSchema.safeParse({ threads: 'two' }).success).toBe(false);
});
