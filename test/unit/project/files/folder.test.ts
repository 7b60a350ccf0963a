import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  closeProject,
  createProject,
  openProject,
  readProject,
  removeLeftovers,
  renameProject,
} from '../../../../src/project/index.ts';
import { openLog } from '../../../../src/service/workplace/log.ts';
import { temporaryFolder, temporaryProject, willClose } from '../../../fixtures/projects.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

/** Permissions mean nothing to the administrator, as whom some machines run tests: then as nobody. */
function withoutPrivileges(work: () => void): void {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a project folder', () => {
  it('is made with its parts and keeps its name in the database', () => {
    const project = temporaryProject();
    expect(readdirSync(project.folder).toSorted()).toEqual(
      expect.arrayContaining(['checkpoints', 'exports', 'logs', 'project.db', 'shards']),
    );
    renameProject(project, 'Another name');
    closeProject(project);
    expect(readProject(willClose(openProject(project.folder))).name).toBe('Another name');
  });

  it('is not made where something else is', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file.txt'), '');
    expect(() => createProject(folder, 'A', '0')).toThrow(failsWith('project.folder-not-empty'));
    expect(() => createProject(join(folder, 'file.txt'), 'A', '0')).toThrow(
      failsWith('project.not-a-folder'),
    );
    expect(() => createProject(temporaryProject().folder, 'A', '0')).toThrow(failsWith('project.exists'));
    expect(readdirSync(folder)).toEqual(['file.txt']);
  });

  it('says so where a file stands in the place of one of its parts; without a log it does', () => {
    const { folder } = temporaryProject();
    for (const part of ['logs', 'shards']) {
      rmSync(join(folder, part), { recursive: true });
      writeFileSync(join(folder, part), '');
    }
    expect(() => openProject(folder)).toThrow(failsWith('project.part-not-a-folder'));
    rmSync(join(folder, 'shards'));
    willClose(openProject(folder));
    const log = openLog(folder);
    log.warn('This goes nowhere.');
    expect(log.level).toBe('silent');
  });

  it('is neither made nor opened where its path is longer than its database may have', () => {
    const folder = join(temporaryFolder(), 'x'.repeat(200), 'y'.repeat(200), 'z'.repeat(100));
    expect(() => createProject(folder, 'A', '0')).toThrow(failsWith('path.too-long'));
    const elsewhere = temporaryProject().folder;
    cpSync(elsewhere, folder, { recursive: true });
    expect(() => openProject(folder)).toThrow(failsWith('path.too-long'));
    // Short enough for the database, with what is put beside it.
    const shorter = join(temporaryFolder(), 'x'.repeat(200), 'y'.repeat(200));
    willClose(createProject(shorter, 'A', '0'));
  });

  it('is not opened where there is none, or none that can be read', () => {
    const folder = temporaryFolder();
    expect(() => openProject(join(folder, 'none'))).toThrow(failsWith('project.missing'));
    expect(() => openProject(folder)).toThrow(failsWith('project.not-a-project'));
    writeFileSync(
      join(folder, 'project.db'),
      'this is no database, but long enough to look like a file of one',
    );
    expect(() => openProject(folder)).toThrow(failsWith('project.broken'));
  });

  it('is not made where writing is not allowed', () => {
    const closed = join(temporaryFolder(), 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    withoutPrivileges(() => {
      expect(() => createProject(join(closed, 'a'), 'A', '0')).toThrow(failsWith('project.no-permission'));
    });
  });

  it('loses the half-written files of processes that are gone, and only those', () => {
    const { folder } = temporaryProject();
    const { pid: gone } = spawnSync(process.execPath, ['-e', '']);
    const write = (name: string) => writeFileSync(join(folder, name), '');
    const kept = [
      'checkpoints/abcdefghij-last-1.safetensors',
      `checkpoints/abcdefghij-last-2.safetensors.tmp-${process.pid}`,
      'checkpoints/notes.tmp',
      `checkpoints/mine.safetensors.tmp-${gone}`,
      `shards/kkkkkkkkkk.shard.${gone}.tmp`,
    ];
    const leftovers = [
      `checkpoints/abcdefghij-last-3.safetensors.tmp-${gone}`,
      `shards/abcdefghij.shard.${gone}.tmp`,
      `shards/abcdefghij.shard.0123456789abcdef.bin.${gone}.tmp`,
    ];
    for (const name of [...kept, ...leftovers]) write(name);
    mkdirSync(join(folder, 'shards', '@eaDir'));
    symlinkSync(join(folder, 'project.db'), join(folder, 'shards', `llllllllll.shard.${gone}.tmp`));
    const found = removeLeftovers(folder, new Set(['kkkkkkkkkk']));
    expect(found.toSorted()).toEqual(leftovers.map((name) => join(folder, name)).toSorted());
    for (const name of kept) expect(existsSync(join(folder, name)), name).toBe(true);
    expect(readdirSync(join(folder, 'shards')).toSorted()).toEqual([
      '@eaDir',
      `kkkkkkkkkk.shard.${gone}.tmp`,
      `llllllllll.shard.${gone}.tmp`,
    ]);
  });
});
