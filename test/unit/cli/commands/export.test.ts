import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UsageError } from '../../../../src/cli/environment.ts';
import { addExportCommand } from '../../../../src/cli/commands/export.ts';
import { registerModel } from '../../../../src/project/index.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { addRun, addStudy, temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';

const written = ({ folder }: { folder: string }) => ({
  folder,
  files: [{ path: 'model.onnx', bytes: 1_500_000 }],
});

it('writes a model of the project, and prints what lies where', async () => {
  const project = temporaryProject();
  const one = addRun(project, addStudy(project), { kind: 'finetune', title: 'baseline', arm: 'baseline' });
  registerModel(project, one.id, modelNote(`${one.id}-1`));
  const { run, asked } = commandLine(project.folder, addExportCommand, { export: written });
  const to = join(project.folder, 'out');
  const { printed } = await run('export', 'baseline-1', '--format', 'onnx', '--to', 'out', '--encoder');
  expect(printed).toBe(`${to}\n  model.onnx  1.5 MB\n`);
  expect(asked).toMatchObject([
    {
      kind: 'export',
      question: {
        folder: to,
        format: 'onnx',
        encoderOnly: true,
        overwrite: false,
        source: { kind: 'model' },
      },
    },
  ]);
  await expect(run('export', 'none', '--format', 'onnx', '--to', 'out')).rejects.toThrow(
    'There is no model “none” in this project.',
  );
  await expect(run('export', 'none', '--checkpoint', '--format', 'onnx', '--to', 'out')).rejects.toThrow(
    /checkpoint/,
  );
  await expect(
    run('export', 'none', '--checkpoint', '--head', 'lab', '--format', 'onnx', '--to', 'out'),
  ).rejects.toThrow(UsageError);
  await expect(run('export', 'baseline-1', '--format', 'zip', '--to', 'out')).rejects.toThrow(
    /argument 'zip' is invalid/,
  );
});

it('writes a model’s folder without any project', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', 'model.json'), JSON.stringify(modelNote('aaaaaaaaaa-1').model));
  const { run, asked } = commandLine(folder, addExportCommand, { export: written });
  const { printed } = await run('export', 'mine', '--format', 'safetensors', '--to', 'out', '--json');
  expect(JSON.parse(printed)).toEqual(written({ folder: join(folder, 'out') }));
  expect(asked[0]!.question['source']).toEqual({ kind: 'model', folder: join(folder, 'mine') });
});
