import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint } from '../../../../src/training/checkpoints/file.ts';
import { checkpointWriter } from '../../../../src/training/checkpoints/writer.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';
import { recorder } from '../../../fixtures/recorder.ts';

const moment = (step: number) => ({
  kind: 'last' as const,
  step,
  epoch: 1,
  score: null,
  tensors: { w: { shape: [1], dtype: 'float32' as const, values: Float32Array.of(step) } },
  metadata: { stage: 'pretext' },
});

it('tells of a checkpoint when its file stands whole, with the hash that the file has', async () => {
  const folder = temporaryFolder();
  const control = recorder();
  const there: boolean[] = [];
  const note = await checkpointWriter(folder, 'run', {
    ...control,
    checkpoint: ({ file }) => void there.push(existsSync(join(folder, 'checkpoints', file))),
  })(moment(10));
  expect(there).toEqual([true]);
  expect(note).toMatchObject({ file: 'run-last-10.safetensors', kind: 'last', step: 10, scoreOf: null });
  const { tensors, metadata } = await readCheckpoint(join(folder, 'checkpoints', note.file), note.sha256);
  expect([...tensors['w']!.values]).toEqual([10]);
  expect(metadata).toMatchObject({ stage: 'pretext', runId: 'run', kind: 'last', step: 10, epoch: 1 });
});

it('leaves the one before as it is: the database still points to it', async () => {
  const folder = temporaryFolder();
  const save = checkpointWriter(folder, 'run', recorder());
  const [first, second] = [await save(moment(10)), await save(moment(20))];
  expect(first.file).not.toBe(second.file);
  await expect(readCheckpoint(join(folder, 'checkpoints', first.file), first.sha256)).resolves.toBeDefined();
});
