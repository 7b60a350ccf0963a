/**
 * Projects from elsewhere: whatever their database names, nothing outside of their folder is read as theirs, written
 * or deleted, and nothing inside that the program did not make.
 */
import Sqlite from 'better-sqlite3';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectService } from '../../src/client/service.ts';
import { PretextError } from '../../src/contract/errors.ts';
import { createNodeHost } from '../../src/host/node.ts';
import {
  closeProject,
  createProject,
  hideDataset,
  hideStudy,
  openProject,
  registerCheckpoint,
} from '../../src/project/index.ts';
import { startService } from '../../src/service/serve.ts';
import { fakeTrainerHost } from '../fixtures/hosts.ts';
import { addDataset, addRun, addStudy, sample, temporaryFolder } from '../fixtures/projects.ts';

const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const THESIS = '../../thesis.docx';

/** A project beside a person's own work, with a dataset and a study that wait to be deleted at the next opening. */
function makeProject(): string {
  const folder = join(temporaryFolder(), 'a.pretext');
  const project = createProject(folder, 'A', '0.0.0');
  const { id } = addDataset(project, 'small', [sample(0)]);
  const study = addStudy(project);
  const run = addRun(project, study);
  const file = `${run.id}-last-1.safetensors`;
  const facts = { step: 1, epoch: 1, bytes: 1, sha256: '', score: null, scoreOf: null };
  registerCheckpoint(project, run.id, { kind: 'last', ...facts, file });
  writeFileSync(join(folder, 'checkpoints', file), '');
  writeFileSync(join(folder, 'shards', `${id}.shard`), '');
  hideDataset(project, id);
  hideStudy(project, study);
  for (const table of ['datasets', 'studies'])
    project.connection.prepare(`UPDATE ${table} SET removed_at = ?`).run(LONG_AGO.toISOString());
  closeProject(project);
  writeFileSync(join(dirname(folder), 'thesis.docx'), 'three years of work');
  return folder;
}

function change(folder: string, sql: string): void {
  const connection = new Sqlite(join(folder, 'project.db'));
  connection.pragma('foreign_keys = OFF');
  connection.exec(sql);
  connection.close();
}

/** All columns of text, also those that a later migration adds. */
function textColumns(): { table: string; column: string }[] {
  const connection = new Sqlite(join(makeProject(), 'project.db'));
  const found = connection
    .prepare(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
       WHERE t.type = 'table' AND c.type = 'TEXT' AND t.name NOT LIKE 'sqlite_%'`,
    )
    .all();
  connection.close();
  return found as { table: string; column: string }[];
}

/** Opens it as its owner would, lets everything be tidied up, and closes it. */
async function openAndTidy(folder: string): Promise<void> {
  const service = startService(openProject(folder), fakeTrainerHost(), 'on');
  await service.actions.removals.purge();
  await service.close();
}

const thesisOf = (folder: string) => readFileSync(join(dirname(folder), 'thesis.docx'), 'utf8');

describe('a project whose database names files outside of its folder', () => {
  it('loses no file of the person who opens it, whichever column names it', async () => {
    const columns = textColumns();
    expect(columns.length).toBeGreaterThan(50);
    const made = makeProject();
    for (const { table, column } of columns) {
      const folder = join(temporaryFolder(), 'a.pretext');
      cpSync(dirname(made), dirname(folder), { recursive: true });
      change(folder, `UPDATE OR IGNORE ${table} SET "${column}" = '${THESIS}'`);
      await openAndTidy(folder).catch((error: unknown) => {
        if (!(error instanceof PretextError) && !(error instanceof SyntaxError)) throw error;
      });
      expect(thesisOf(folder), `${table}.${column}`).toBe('three years of work');
    }
  });

  it('is refused by the program itself, with the column', async () => {
    const folder = makeProject();
    change(folder, `UPDATE checkpoints SET file = '${THESIS}'`);
    await expect(connectService(createNodeHost(), { folder })).rejects.toMatchObject({
      failure: {
        code: 'project.unsafe-name',
        message: expect.stringContaining('checkpoints.file') as unknown,
        place: folder,
      },
    });
    expect(thesisOf(folder)).toBe('three years of work');
  });
});

describe('files in a project that the program did not make', () => {
  it('stay, whatever their age, and unknown folders do not keep it closed', async () => {
    const folder = makeProject();
    const kept = [
      'checkpoints/resnet50.safetensors',
      'checkpoints/notes.txt',
      'shards/photo.tmp',
      'shards/@eaDir/thumb.jpg',
      'shards/old.part/one',
    ];
    const orphans = ['checkpoints/zzzzzzzzzz-best-4.safetensors', 'shards/zzzzzzzzzz.shard'];
    for (const name of [...kept, ...orphans]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), name);
      utimesSync(join(folder, name), LONG_AGO, LONG_AGO);
    }
    for (const name of ['shards/@eaDir', 'shards/old.part'])
      utimesSync(join(folder, name), LONG_AGO, LONG_AGO);
    await openAndTidy(folder);
    for (const name of kept) expect(readFileSync(join(folder, name), 'utf8')).toBe(name);
    const [day] = readdirSync(join(folder, 'trash'));
    for (const name of orphans) expect(readFileSync(join(folder, 'trash', day!, name), 'utf8')).toBe(name);
    // What the project itself had removed is gone for good.
    expect(readdirSync(join(folder, 'checkpoints')).toSorted()).toEqual([
      'notes.txt',
      'resnet50.safetensors',
    ]);
  });

  it('stay behind links: a linked folder is not emptied, a linked log is not written', async () => {
    const folder = makeProject();
    const elsewhere = temporaryFolder();
    for (const part of ['shards', 'checkpoints']) {
      rmSync(join(folder, part), { recursive: true });
      mkdirSync(join(elsewhere, part));
      symlinkSync(join(elsewhere, part), join(folder, part));
    }
    const outside = [
      'shards/zzzzzzzzzz.shard',
      'shards/zzzzzzzzzz.shard.1.tmp',
      'checkpoints/zzzzzzzzzz-last-1.safetensors',
    ];
    for (const name of outside) {
      writeFileSync(join(elsewhere, name), name);
      utimesSync(join(elsewhere, name), LONG_AGO, LONG_AGO);
    }
    symlinkSync(join(dirname(folder), 'thesis.docx'), join(folder, 'logs', 'service.log'));
    await openAndTidy(folder);
    for (const name of outside) expect(readFileSync(join(elsewhere, name), 'utf8')).toBe(name);
    expect(thesisOf(folder)).toBe('three years of work');
  });
});
