import { expect, it } from 'vitest';
import { trainerEnvironment } from '../../../src/host/trainer-environment.ts';

it('asks for large pages and quiet, unless the person has set something else', () => {
  expect(trainerEnvironment({})).toEqual({
    TF_CPP_MIN_LOG_LEVEL: '1',
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
  });
  const own = { TF_CPP_MIN_LOG_LEVEL: '0', GLIBC_TUNABLES: 'glibc.malloc.check=3', OTHER: 'x' };
  expect(trainerEnvironment(own)).toEqual({
    TF_CPP_MIN_LOG_LEVEL: '0',
    GLIBC_TUNABLES: 'glibc.malloc.check=3',
  });
});
