import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addPredictCommand } from '../../../../src/cli/commands/predict.ts';
import type { Predictions } from '../../../../src/contract/model/prediction.ts';
import { registerModel } from '../../../../src/project/index.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const answers: Predictions = {
  samples: 1200,
  rows: [],
  leftOut: 1,
  issues: [
    { file: 'a.png', reason: 'unreadable', message: 'It is cut short.', severity: 'left-out' },
    { file: 'b.png', reason: 'note', message: 'It is grey.', severity: 'noted' },
  ],
  seconds: 2,
  file: '/out.csv',
  leftOutFile: '/out.left-out.csv',
  stretches: null,
} as never;

function predicting() {
  const project = temporaryProject();
  const one = addRun(project, addStudy(project), { kind: 'finetune', title: 'baseline', arm: 'baseline' });
  const note = modelNote(`${one.id}-1`, { inputShape: [16, 16, 1] });
  registerModel(project, one.id, note);
  mkdirSync(join(project.folder, 'mine'));
  writeFileSync(join(project.folder, 'mine', 'model.json'), JSON.stringify(note.model));
  addDataset(project, 'small', [sample(0)]);
  return { project, ...commandLine(project.folder, addPredictCommand, { predict: () => answers }) };
}

it('answers files by a model’s folder, and says what was left out', async () => {
  const { run, asked, project } = predicting();
  const { printed } = await run('predict', 'mine', 'photos', '--output', 'out.csv', '--embeddings');
  expect(printed.trimEnd().split('\n')).toEqual([
    '1,200 samples answered in 2.0 s, 600 a second: /out.csv',
    '1 file or row left out: /out.left-out.csv',
    '  a.png: It is cut short.',
    'Noted:',
    '  b.png: It is grey.',
  ]);
  expect(asked).toMatchObject([
    {
      kind: 'predict',
      question: {
        model: join(project.folder, 'mine'),
        from: { kind: 'files', paths: [join(project.folder, 'photos')] },
        output: { file: join(project.folder, 'out.csv'), format: 'csv', overwrite: false, embeddings: true },
        rows: 0,
      },
    },
  ]);
});

it('answers a dataset of the project', async () => {
  const { run, asked } = predicting();
  const { printed } = await run(
    'predict',
    'baseline-1',
    '--dataset',
    'small',
    '--output',
    'a.jsonl',
    '--json',
  );
  expect(JSON.parse(printed)).not.toHaveProperty('rows');
  expect(asked[0]!.question).toMatchObject({ from: { kind: 'dataset' }, output: { format: 'jsonl' } });
});

describe('what is not told, or contradicts itself', () => {
  it.each([
    [['mine', 'a'], 'Where to? Give --output FILE, --stretches PATH, or both.'],
    [['mine', 'a', '--output', 'x'], /^In which format\? Let the name of the output end in \.csv, /],
    [['mine', '--output', 'x.csv'], 'Which samples? Give files or folders, or --dataset NAME.'],
    [
      ['mine', 'a', '--dataset', 'small', '--output', 'x.csv'],
      'Give files and folders, or --dataset NAME: not both.',
    ],
    [
      ['mine', '--dataset', 'small', '--stretches', 'x.csv'],
      'Stretches are made of whole recordings: give their files instead of a dataset.',
    ],
    [
      ['mine', 'a', '--watch', '--stretches', 'x.csv'],
      '--watch writes answers: give --output FILE, and no --stretches.',
    ],
    [['mine', '--watch', '--output', 'x.csv'], '--watch follows folders: give some, and no dataset.'],
  ])('is asked of %o', async (argv, message) => {
    const { run, asked } = predicting();
    await expect(run('predict', ...argv)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });
});
