import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addEmbedCommand } from '../../../../src/cli/commands/embed.ts';
import { registerModel } from '../../../../src/project/index.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

function embedding(leftOut = 0) {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project), { kind: 'finetune', title: 'baseline', arm: 'baseline' });
  registerModel(project, run.id, modelNote(`${run.id}-1`, { inputShape: [16, 16, 1] }));
  addDataset(
    project,
    'small',
    [0, 1].map((at) => sample(at)),
  );
  const line = commandLine(project.folder, addEmbedCommand, {
    embed: ({ file }: { file: string }) => ({ files: [file], samples: 2, features: 16, leftOut }),
  });
  return { project, ...line };
}

it('asks for the features of a dataset, in the format that the file’s name says', async () => {
  const { run, asked, project } = embedding();
  const { printed } = await run('embed', 'small', '--model', 'baseline-1', '--to', 'a.parquet');
  const file = join(project.folder, 'a.parquet');
  expect(printed).toBe(`2 samples, 16 features each:\n  ${file}\n`);
  expect(asked).toMatchObject([
    {
      kind: 'embed',
      question: {
        file,
        format: 'parquet',
        overwrite: false,
        from: { kind: 'dataset', sources: ['0.png', '1.png'] },
        source: { kind: 'model' },
      },
    },
  ]);
});

it('asks for those of files, and says what could not be read', async () => {
  const { run, asked, project } = embedding(3);
  const argv = [
    '--files',
    'photos',
    'more',
    '--model',
    'baseline-1',
    '--to',
    'a',
    '--format',
    'npz',
    '--overwrite',
  ];
  expect((await run('embed', ...argv)).printed).toContain('3 files or rows could not be read.');
  expect(asked[0]!.question).toMatchObject({
    overwrite: true,
    from: { kind: 'files', paths: [join(project.folder, 'photos'), join(project.folder, 'more')] },
  });
});

describe('what is not told', () => {
  it.each([
    [['--model', 'm', '--to', 'a.npz'], 'Of what? Give the name of a dataset, or --files, one of them.'],
    [
      ['small', '--files', 'a', '--model', 'm', '--to', 'a.npz'],
      'Of what? Give the name of a dataset, or --files, one of them.',
    ],
    [['small', '--to', 'a.npz'], 'By which encoder? Give --model or --checkpoint, one of them.'],
    [
      ['small', '--model', 'm', '--checkpoint', 'c', '--to', 'a.npz'],
      'By which encoder? Give --model or --checkpoint, one of them.',
    ],
    [
      ['small', '--checkpoint', 'c', '--head', 'small', '--to', 'a.npz'],
      'A checkpoint is an encoder and has no heads: leave out --head, or name a model instead of --checkpoint.',
    ],
    [
      ['small', '--model', 'm', '--to', 'a'],
      'In which format? Let the name end in .npz, .parquet, .tsv, or give --format.',
    ],
  ])('is asked of %o', async (argv, message) => {
    const { run, asked } = embedding();
    await expect(run('embed', ...argv)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });
});
