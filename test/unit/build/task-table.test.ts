import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { taskPage, taskPageFile } from '../../../build/task-table.mjs';
import { pretextTasks } from '../../../src/learning/pretext/registry.ts';

it('docs/tasks.md names every task as its file describes it (else run node build/task-table.mjs)', () => {
  const page = readFileSync(taskPageFile, 'utf8');
  for (const { id } of pretextTasks) expect(page).toContain(`\`${id}\``);
  expect(page).toBe(taskPage());
});
