import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { HostedExit } from '../../../src/contract/messages/host.ts';
import { reportError, watchForCrash } from '../../../src/host/crash-watch.ts';

function process() {
  const listeners: ((exit: HostedExit) => void)[] = [];
  return {
    onExit: (listener: (exit: HostedExit) => void) => void listeners.push(listener),
    end: (exit: Partial<HostedExit>) => {
      for (const listener of listeners) listener({ code: null, signal: null, lastOutput: '', ...exit });
    },
  };
}

test('a process that ends unasked leaves a report', () => {
  const [hosted, keep] = [process(), vi.fn(() => null)];
  watchForCrash(hosted, 'trainer', keep);
  hosted.end({ signal: 'SIGABRT', lastOutput: 'Error: x' });
  expect(keep).toHaveBeenCalledWith({
    process: 'trainer',
    how: 'by SIGABRT',
    trace: 'Error: x',
    seconds: expect.any(Number) as number,
  });
});

test('one that was asked to end, or ended well, leaves none', () => {
  const keep = vi.fn(() => null);
  const [killed, done] = [process(), process()];
  watchForCrash(killed, 'service', keep).asked();
  killed.end({ signal: 'SIGKILL' });
  watchForCrash(done, 'service', keep);
  done.end({ code: 0 });
  expect(keep).not.toHaveBeenCalled();
});

let folder = '';
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('an error of this process is reported without its message, whatever was thrown', () => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-crash-watch-'));
  vi.stubEnv('PRETEXT_CRASH_REPORTS', folder);
  const file = reportError('command line', new RangeError('patient 17'));
  const text = readFileSync(file!, 'utf8');
  expect(text).toContain('process: command line');
  expect(text).toMatch(/^RangeError$/m);
  expect(text).toMatch(/crash-watch\.test\.ts:\d+/);
  expect(text).not.toContain('patient');
  expect(readFileSync(reportError('command line', 'patient 17')!, 'utf8')).not.toContain('patient');
});
