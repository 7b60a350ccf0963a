/** A thorough look at a project: its whole database, and every file that it names. */
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { partsOf } from '../../contract/model/model.ts';
import type { ProjectCheck } from '../../contract/repair.ts';
import { sha256OfFile } from '../../machine/file-hash.ts';
import type { ReadableProject, WritableProject } from '../database.ts';
import { answersFile, checkpointFile, shardFile } from '../files/file-names.ts';
import { answersTable, checkpointTable, datasetTable } from '../schema.ts';
import { descriptionProblem, knownModels, type KnownModel } from './models-on-disk.ts';
import { problemsOf } from './soundness.ts';

const MOST_PROBLEMS = 100;

interface KnownFile {
  path: string;
  /** Whole files have this size, others at least. */
  bytes: number;
  sha256: string | null;
}

export async function checkProject(project: WritableProject): Promise<ProjectCheck> {
  const problems = problemsOf(project.connection, true, MOST_PROBLEMS).map(
    (problem) => `project.db: ${problem}`,
  );
  const loose = project.connection.pragma('foreign_key_check') as unknown[];
  if (loose.length > 0) problems.push(`project.db: ${loose.length} rows refer to others that are not there`);
  const models = knownModels(project);
  const files = filesOf(project, models);
  for (const file of files) problems.push(...(await problemOf(project, file)));
  for (const known of models) {
    const problem = descriptionProblem(known);
    if (problem) problems.push(`${relative(project.folder, known.folder)}: ${problem}`);
  }
  return { sound: problems.length === 0, problems, files: files.length };
}

function filesOf(project: ReadableProject, models: readonly KnownModel[]): KnownFile[] {
  const shards = project.database.select().from(datasetTable).all();
  const checkpoints = project.database.select().from(checkpointTable).all();
  const answers = project.database.select().from(answersTable).all();
  return [
    ...shards.map(({ shard, bytes }) => ({ path: shardFile(project.folder, shard), bytes, sha256: null })),
    ...checkpoints.map(({ file, bytes, sha256 }) => ({
      path: checkpointFile(project.folder, file),
      bytes,
      sha256,
    })),
    ...answers.map(({ file, bytes, sha256 }) => ({
      path: answersFile(project.folder, file),
      bytes,
      sha256,
    })),
    ...models.flatMap(({ folder, model }) =>
      model
        ? partsOf(model).map(({ file, bytes, sha256 }) => ({ path: join(folder, file), bytes, sha256 }))
        : [],
    ),
  ];
}

async function problemOf({ folder }: ReadableProject, file: KnownFile): Promise<string[]> {
  const name = join(relative(folder, file.path));
  const found = statSync(file.path, { throwIfNoEntry: false });
  if (!found) return [`${name} is not there`];
  const rightSize = file.sha256 === null ? found.size >= file.bytes : found.size === file.bytes;
  if (!rightSize) return [`${name} has ${found.size} bytes, ${file.bytes} were written`];
  if (file.sha256 === null || file.sha256 === (await sha256OfFile(file.path))) return [];
  return [`${name} is not the file that was written: its SHA-256 differs`];
}
