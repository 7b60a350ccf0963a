import { describe, expect, it } from 'vitest';
import { circumstanceOf, mayPass } from '../../../src/contract/circumstances.ts';
import { explained, PretextError, toFailure } from '../../../src/contract/errors.ts';

const refused = (code: string, path?: string) => Object.assign(new Error(code), { code, path });

describe('what the system refuses', () => {
  it('becomes a failure with a place and a remedy, whether the system or SQLite says so', () => {
    expect(toFailure(refused('ENOSPC', '/project/shards/a'))).toMatchObject({
      code: 'disk.full',
      place: '/project/shards/a',
      remedy: 'Free some space.',
    });
    expect(toFailure(refused('SQLITE_FULL')).code).toBe('disk.full');
    expect(toFailure(refused('SQLITE_IOERR_WRITE')).code).toBe('disk.no-answer');
    expect(toFailure(refused('EMFILE')).code).toBe('system.too-many-files');
  });

  it('gets words once, at the place named first; what has words keeps them', () => {
    const told = explained(refused('ENOSPC', '/project/shards/a.tmp-1'), '/project/shards/a');
    expect(toFailure(told)).toMatchObject({ code: 'disk.full', place: '/project/shards/a' });
    expect(explained(told, '/elsewhere')).toBe(told);
    const own = new PretextError({ code: 'bundle.changed', message: 'It said: No space left on device.' });
    expect(explained(own, '/elsewhere')).toBe(own);
    const fault = new Error('x');
    expect(explained(fault, '/elsewhere')).toBe(fault);
  });

  it('is told from faults of the program', () => {
    expect(circumstanceOf(refused('ERR_INVALID_ARG_TYPE'))).toBeNull();
    expect(circumstanceOf(null)).toBeNull();
    expect(toFailure(new Error('x')).code).toBe('internal');
  });

  it('may pass, but for a path that is too long', () => {
    expect(mayPass(toFailure(refused('EIO')))).toBe(true);
    expect(mayPass(toFailure(refused('ENAMETOOLONG')))).toBe(false);
    expect(mayPass({ code: 'checkpoint.missing' })).toBe(true);
    expect(mayPass({ code: 'checkpoint.broken' })).toBe(false);
  });
});
