import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayPass } from '../../../../src/contract/circumstances.ts';
import { clearDeadGraphFolders, makeGraphFolder } from '../../../../src/tensor/compile/graph-folder.ts';

describe('folders of graphs', () => {
  it('of processes that are gone are cleared, and nothing else', () => {
    const parent = mkdtempSync(join(tmpdir(), 'pretext-parent-'));
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const own = `pretext-graph-${process.pid}-abc123`;
    for (const name of [`pretext-graph-${dead}-abc123`, own, `pretext-graph-${dead}-notes-of-mine`, 'other'])
      mkdirSync(join(parent, name));
    writeFileSync(join(parent, `pretext-graph-${dead}-abc123`, 'saved_model.pb'), 'half');
    clearDeadGraphFolders(parent);
    expect(readdirSync(parent).toSorted()).toEqual(
      [own, `pretext-graph-${dead}-notes-of-mine`, 'other'].toSorted(),
    );
  });

  it('cannot be made in a folder that is not there, and say what to do about it', () => {
    const parent = join(tmpdir(), 'pretext-no-such-folder');
    expect(() => makeGraphFolder(parent)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({
          code: 'disk.temporary',
          place: parent,
          remedy: expect.stringContaining('TMPDIR') as unknown,
        }) as unknown,
      }),
    );
    expect(mayPass({ code: 'disk.temporary' })).toBe(true);
  });
});
