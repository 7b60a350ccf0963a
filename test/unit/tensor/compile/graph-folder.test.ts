import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearDeadGraphFolders } from '../../../../src/tensor/compile/graph-folder.ts';

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
});
