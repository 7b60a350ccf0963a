/** How a job stands, in one small file: what whoever polls a bundle reads first. */
import { existsSync } from 'node:fs';
import { jobStatusSchema, type JobStatus } from '../contract/elsewhere/bundle.ts';
import { readChecked } from './files.ts';
import { writeFileWhole } from '../machine/whole-file.ts';

export const writeStatus = (file: string, status: JobStatus): void =>
  writeFileWhole(file, `${JSON.stringify(status)}\n`);

/** Null: nobody has begun it. */
export const readStatus = (file: string): JobStatus | null =>
  existsSync(file) ? readChecked(file, jobStatusSchema) : null;
