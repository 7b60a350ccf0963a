import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ProcessHost } from '../../../src/contract/messages/host.ts';
import { helpJob } from '../../../src/worker/help-job.ts';

const noHost: ProcessHost = {
  start: () => {
    throw new Error('nothing is to be started');
  },
};

it('starts nothing for a folder that is no bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-help-'));
  const options = { host: noHost, program: '1.0.0', addresses: ['lab1:1', 'lab2:1'], rank: 1 };
  expect(() => helpJob(folder, 1, options)).toThrow(/bundle/);
});
