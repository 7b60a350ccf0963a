import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { Finding, Run } from '../../../../src/contract/entities.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import { findingText } from '../../../../src/cli/words/finding-text.ts';
import { createProgressView } from '../../../../src/cli/session/progress-view.ts';

const finding: Finding = {
  kind: 'dimensional-collapse',
  step: 36,
  epoch: 3,
  message: 'The features have shrunk.',
  advice: 'Start again.',
  overAtStep: null,
};

const runWith = (findings: Finding[]) =>
  ({ id: 'r', name: 'simsiam-1', status: 'running', progress: null, findings }) as unknown as Run;

it('a finding is said with its advice while it lasts, and in one line once it is over', () => {
  expect(findingText(finding)).toBe(
    'dimensional collapse since epoch 3: The features have shrunk.\n  Start again.',
  );
  expect(findingText({ ...finding, overAtStep: 48 })).toBe(
    'dimensional collapse from epoch 3, over at step 48: The features have shrunk.',
  );
});

it('progress says every finding once, and once more when it is over', () => {
  const stderr = new PassThrough();
  const view = createProgressView({ stderr } as unknown as Environment);
  for (const findings of [[], [finding], [finding], [{ ...finding, overAtStep: 48 }]])
    view.show({ type: 'run', run: runWith(findings) });
  view.end();
  expect(String(stderr.read()).trimEnd().split('\n')).toEqual([
    'simsiam-1: dimensional collapse since epoch 3: The features have shrunk.',
    '  Start again.',
    'simsiam-1: dimensional collapse from epoch 3, over at step 48: The features have shrunk.',
  ]);
});
