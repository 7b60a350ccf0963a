import { describe, expect, test } from 'vitest';
import { crashReport, howItCrashed, placesIn } from '../../../src/host/crash-report.ts';

describe('what is left of a trace', () => {
  test('is kinds of errors and places in code, and nothing that a message held', () => {
    function failing(): never {
      throw new TypeError('cannot read "Mary Smith" of /home/mary/patients/eeg-17.edf');
    }
    let stack = '';
    try {
      failing();
    } catch (error) {
      stack = (error as Error).stack ?? '';
    }
    const places = placesIn(`epoch 3: loss of patient 17\n${stack}`);
    expect(places.slice(0, 2)).toEqual([
      'TypeError',
      expect.stringMatching(/^ {2}at failing crash-report\.test\.ts:\d+:\d+$/),
    ]);
    expect(places.join('\n')).not.toMatch(/mary|patient|edf|home|\//i);
  });

  test.each([
    [
      '    at async Object.run (file:///opt/Pretext%20Studio/out/trainer.mjs:12:34)',
      '  at Object.run trainer.mjs:12:34',
    ],
    ['    at C:\\Users\\Mary\\out\\service.mjs:1:2', '  at service.mjs:1:2'],
    ['    at new Reader (node:internal/x:5:6)', '  at Reader x:5:6'],
    ['Error [ERR_OUT_OF_RANGE]: /home/mary', 'Error ERR_OUT_OF_RANGE'],
    [
      'F0000 00:00:1764288000.123456   417 tensor_shape.cc:201] Check failed: dims of mary.npy',
      'fatal at tensor_shape.cc:201',
    ],
    [
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      'JavaScript heap out of memory',
    ],
    ["terminate called after throwing an instance of 'std::bad_alloc'", 'std::bad_alloc'],
  ])('%s', (line, kept) => expect(placesIn(line)).toEqual([kept]));
});

test('a report says which process ended how, on what system, and that it was sent nowhere', () => {
  const report = crashReport(
    { process: 'trainer', how: 'by SIGSEGV', trace: 'secret', seconds: 12.4 },
    { time: new Date(0), version: '1.2.3', electron: '45.4.1', memoryBytes: { free: 1e9, total: 8e9 } },
  );
  for (const line of [
    'process: trainer',
    'ended: by SIGSEGV',
    'after: 12 s',
    'version: 1.2.3',
    'electron: 45.4.1',
  ])
    expect(report.split('\n')).toContain(line);
  expect(report).toContain('1.0 GB free of 8.0 GB');
  expect(report).toContain('sent to nobody');
  expect(report).not.toContain('secret');
});

test.each([
  [{ code: null, signal: 'SIGSEGV' }, 'by SIGSEGV'],
  [{ code: null, signal: 'SIGKILL' }, 'by SIGKILL'],
  [{ code: 134, signal: null }, 'with status 134'],
  [{ code: 0, signal: null }, null],
  // Shutdown, Ctrl-C, a terminal that closes; and Ctrl-C on Windows.
  [{ code: null, signal: 'SIGTERM' }, null],
  [{ code: null, signal: 'SIGINT' }, null],
  [{ code: null, signal: 'SIGHUP' }, null],
  [{ code: 0xc000013a, signal: null }, null],
])('an end of %o is a crash: %s', (exit, how) => expect(howItCrashed(exit)).toBe(how));
