import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { closeProject, createProject } from '../../../../src/project/index.ts';
import { readMigrations } from '../../../../src/project/migrate.ts';
import { openDamaged, tableNames } from '../../../../src/project/opening/damaged-database.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

it('reads one that is whole by the names of its tables, at its version', () => {
  const project = createProject(join(temporaryFolder(), 'a.pretext'), 'Mine', '0.0.0');
  closeProject(project);
  const damaged = openDamaged(join(project.folder, 'project.db'), project.folder);
  expect(damaged.version).toBe(readMigrations().at(-1)!.version);
  expect(damaged.problems).toEqual([]);
  expect(damaged.partsOf('samples')).toEqual(['samples']);
  const names = tableNames(damaged.connection);
  expect(names.indexOf('datasets')).toBeLessThan(names.indexOf('samples'));
  expect(names.filter((name) => name.startsWith('sqlite_'))).toEqual([]);
  damaged.connection.close();
});

it('says that nothing can be read of what is no database', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'project.db');
  writeFileSync(file, 'no database at all '.repeat(500));
  expect(() => openDamaged(file, folder)).toThrow(
    expect.objectContaining({
      failure: expect.objectContaining({ code: 'project.beyond-repair' }) as unknown,
    }),
  );
});
