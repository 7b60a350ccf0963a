import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyTrash, KEPT_DAYS, moveToTrash } from '../../../../src/project/index.ts';
import { temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';

const DAY_MS = 86_400_000;

describe('the trash of a project', () => {
  it('takes files that the program made, and keeps them for a month', () => {
    const { folder } = temporaryProject();
    const names = ['abcdefghij.shard', 'mine.shard', 'photo.jpg', 'bbbbbbbbbb.shard.0123456789abcdef.bin'];
    for (const name of names) writeFileSync(join(folder, 'shards', name), name);
    mkdirSync(join(folder, 'shards', 'cccccccccc.shard'));
    const moved = moveToTrash(folder, 'shards', [...names, 'cccccccccc.shard']);
    expect(moved).toHaveLength(2);
    expect(readdirSync(join(folder, 'shards')).toSorted()).toEqual([
      'cccccccccc.shard',
      'mine.shard',
      'photo.jpg',
    ]);
    writeFileSync(join(folder, 'trash', 'note.txt'), 'of the user');
    expect(emptyTrash(folder, Date.now() + (KEPT_DAYS - 1) * DAY_MS)).toEqual([]);
    expect(emptyTrash(folder, Date.now() + (KEPT_DAYS + 2) * DAY_MS)).toEqual(moved);
    expect(readdirSync(join(folder, 'trash'))).toEqual(['note.txt']);
  });

  it('neither takes nor loses anything through a link', () => {
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'abcdefghij.shard'), '');
    const { folder } = temporaryProject();
    mkdirSync(join(folder, 'trash'));
    const day = join(folder, 'trash', '2020-01-01');
    symlinkSync(elsewhere, day);
    mkdirSync(join(folder, 'trash', '2020-01-02'));
    symlinkSync(elsewhere, join(folder, 'trash', '2020-01-02', 'shards'));
    expect(emptyTrash(folder)).toEqual([]);
    expect(existsSync(join(elsewhere, 'abcdefghij.shard'))).toBe(true);
  });
});
