import { describe, expect, it } from 'vitest';
import { createIssueList, describeFileError, summariseReasons } from '../../../../src/data/reading/issues.ts';
import { createProgressMeter } from '../../../../src/data/reading/progress.ts';

describe('what an import left out', () => {
  it('is counted apart from what is only noted', () => {
    const issues = createIssueList();
    issues.leaveOut('a.png', 'empty', 'The file is empty.');
    issues.leaveOut('b.png', 'broken', 'Cut off.', 7);
    issues.leaveOut('c.png', 'empty', 'The file is empty.');
    issues.note('d.png', 'cmyk', 'Imported.');
    expect(issues.leftOutCount).toBe(3);
    expect(issues.all[1]).toEqual({
      file: 'b.png',
      reason: 'broken',
      message: 'Cut off.',
      severity: 'left-out',
      row: 7,
    });
    expect(summariseReasons(issues.all)).toBe('2 × empty, 1 × broken');
  });

  it.each([
    ['EACCES', 'a.png', 'no-permission'],
    ['EPERM', 'a.png', 'no-permission'],
    ['ENOENT', 'a.png', 'missing'],
    ['ENOENT', 'a\uFFFD.png', 'unreadable-name'],
    ['EISDIR', 'a.png', 'folder'],
    ['EIO', 'a.png', 'unreadable'],
  ])('says in words what %s on %s means', (code, path, reason) => {
    const { reason: found, message } = describeFileError(Object.assign(new Error(code), { code }), path);
    expect(found).toBe(reason);
    expect(message).not.toContain(code);
  });
});

describe('progress', () => {
  it('tells rate and time left, not too often', () => {
    let time = 0;
    const told: unknown[] = [];
    const meter = createProgressMeter(
      (progress) => told.push(progress),
      () => 2,
      () => time,
    );
    meter.phase('Reading', 100);
    time = 50;
    meter.advance(10);
    expect(told).toHaveLength(1);
    time = 500;
    meter.advance(15);
    expect(told[1]).toEqual({
      phase: 'Reading',
      done: 25,
      total: 100,
      perSecond: 50,
      secondsLeft: 1.5,
      leftOut: 2,
    });
  });
});
