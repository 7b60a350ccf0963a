import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  closeProject,
  createProject,
  deleteOwnFile,
  fileInProject,
  isPlainName,
  NAME_COLUMNS,
  openProject,
  saveAnswers,
  registerCheckpoint,
  registerModel,
} from '../../../../src/project/index.ts';
import { modelNote } from '../../../fixtures/models.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryFolder,
  willClose,
} from '../../../fixtures/projects.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

const LEADING_OUT = [
  '../../thesis.docx',
  '..',
  '.',
  '',
  '/etc/passwd',
  'a/b',
  'a\\b',
  'C:thesis.docx',
  'C:\\thesis.docx',
  '\\\\server\\share\\file',
  'nul.shard',
  'a\0b',
  'a\n',
  'ends.',
  '~',
  'x'.repeat(300),
];

function projectWithRows() {
  const project = createProject(join(temporaryFolder(), 'a.pretext'), 'A', '0.0.0');
  addDataset(project, 'small', [sample(0)]);
  const run = addRun(project, addStudy(project));
  const note = { kind: 'last', step: 1, epoch: 1, bytes: 1, sha256: '', score: null, scoreOf: null } as const;
  registerCheckpoint(project, run.id, { ...note, file: `${run.id}-last-1.safetensors` });
  const kept = { seed: 1, bytes: 1, sha256: '', influences: Float64Array.of(0.5, -0.5) };
  saveAnswers(project, run.id, { ...kept, file: `${run.id}-1.safetensors` });
  registerModel(project, run.id, modelNote(`${run.id}-1`));
  return project;
}

describe('a name in the database', () => {
  it.each(LEADING_OUT)('is no plain name: %j', (name) => {
    expect(isPlainName(name)).toBe(false);
    expect(() => fileInProject('/p', 'shards', name)).toThrow(failsWith('project.unsafe-name'));
  });

  it.each(NAME_COLUMNS)(
    'in $table, column $column, that leads out of the folder keeps the project closed',
    (where) => {
      const project = projectWithRows();
      project.connection.pragma('foreign_keys = OFF');
      project.connection.prepare(`UPDATE ${where.table} SET ${where.column} = '../../thesis.docx'`).run();
      closeProject(project);
      expect(() => openProject(project.folder)).toThrow(failsWith('project.unsafe-name'));
    },
  );

  it('as the program writes it opens', () => {
    const project = projectWithRows();
    closeProject(project);
    willClose(openProject(project.folder));
  });
});

describe('a file in a project', () => {
  it('is deleted only where the program made it, as a plain file in a plain folder', () => {
    const project = willClose(projectWithRows());
    const { folder } = project;
    const outside = join(dirname(folder), 'abcdefghij.shard');
    writeFileSync(outside, 'mine');
    writeFileSync(join(folder, 'shards', 'mine.bin'), 'mine');
    mkdirSync(join(folder, 'shards', 'bbbbbbbbbb.shard'));
    symlinkSync(outside, join(folder, 'shards', 'cccccccccc.shard'));
    writeFileSync(join(folder, 'shards', 'dddddddddd.shard'), 'ours');
    const tries = ['mine.bin', 'bbbbbbbbbb.shard', 'cccccccccc.shard', 'dddddddddd.shard'];
    expect(tries.map((name) => deleteOwnFile(folder, 'shards', name))).toEqual([false, false, false, true]);
    expect(() => deleteOwnFile(folder, 'shards', '../../abcdefghij.shard')).toThrow(
      failsWith('project.unsafe-name'),
    );
    expect(readFileSync(outside, 'utf8')).toBe('mine');
  });

  it('is a model’s folder, of which only what the program put there is deleted', () => {
    const { folder } = willClose(projectWithRows());
    const put = (id: string, ...names: string[]) => {
      mkdirSync(join(folder, 'models', id));
      for (const name of names) writeFileSync(join(folder, 'models', id, name), 'x');
    };
    put('aaaaaaaaaa-1', 'model.json', 'weights.safetensors', 'reference.safetensors');
    put('aaaaaaaaaa-2', 'model.json', 'mine.txt');
    put('mine', 'model.json');
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'model.json'), 'mine');
    symlinkSync(elsewhere, join(folder, 'models', 'bbbbbbbbbb-1'));
    const tries = ['aaaaaaaaaa-1', 'aaaaaaaaaa-2', 'mine', 'bbbbbbbbbb-1'];
    expect(tries.map((name) => deleteOwnFile(folder, 'models', name))).toEqual([true, true, false, false]);
    expect(readdirSync(join(folder, 'models')).toSorted()).toEqual(['aaaaaaaaaa-2', 'bbbbbbbbbb-1', 'mine']);
    expect(readdirSync(join(folder, 'models', 'aaaaaaaaaa-2'))).toEqual(['mine.txt']);
    expect(readFileSync(join(elsewhere, 'model.json'), 'utf8')).toBe('mine');
  });

  it('behind a linked folder is left alone', () => {
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'abcdefghij.shard'), 'mine');
    const folder = temporaryFolder();
    symlinkSync(elsewhere, join(folder, 'shards'));
    expect(deleteOwnFile(folder, 'shards', 'abcdefghij.shard')).toBe(false);
  });
});
