/** The project's own row: its name and when it was made. */
import { projectTable } from '../schema.ts';
import type { ReadableProject, WritableProject } from '../database.ts';

export interface AboutProject {
  name: string;
  createdAt: string;
  /** Version of the program that made it. */
  createdWith: string;
}

export function readProject(project: ReadableProject): AboutProject {
  const row = project.database.select().from(projectTable).get();
  if (!row) throw new Error(`project.db in ${project.folder} has no project row`);
  return { name: row.name, createdAt: row.createdAt, createdWith: row.createdWith };
}

export function insertProject(project: WritableProject, about: AboutProject): void {
  project.database
    .insert(projectTable)
    .values({ id: 1, ...about })
    .run();
}

export function renameProject(project: WritableProject, name: string): void {
  project.database.update(projectTable).set({ name }).run();
}
