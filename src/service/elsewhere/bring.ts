/** Brings files that a job made elsewhere into the project, each only if it is what the job said. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PretextError, explained } from '../../contract/errors.ts';
import { MODEL_FILE, modelSchema, partsOf, type ModelNote } from '../../contract/model/model.ts';
import { linkOrCopy } from '../../machine/replace-file.ts';
import { placeModel } from '../models/place-model.ts';

/** Names that a trainer gives; anything else in a journal is not ours. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * @param folder of the job's results: the file lies in its folder `room`
 * @throws PretextError `bundle.changed` where the file is gone or another
 */
export async function bringFile(
  folder: string,
  projectFolder: string,
  room: 'checkpoints' | 'answers',
  { file, sha256 }: { file: string; sha256: string },
): Promise<void> {
  requirePlain(file);
  const from = join(folder, room, file);
  await requireSame(from, sha256);
  mkdirSync(join(projectFolder, room), { recursive: true });
  linkOrCopy(from, join(projectFolder, room, file));
}

/** The whole folder of a model, under another name first. @throws PretextError `bundle.changed` */
export async function bringModel(folder: string, projectFolder: string, { model }: ModelNote): Promise<void> {
  const from = join(folder, 'models', model.id);
  for (const part of partsOf(model)) await requireSame(join(from, part.file), part.sha256);
  const description = join(from, MODEL_FILE);
  if (!existsSync(description) || idIn(readFileSync(description, 'utf8')) !== model.id)
    throw changed(description);
  placeModel(projectFolder, model, from);
}

/** Null where the text describes no model. */
function idIn(description: string): string | null {
  try {
    return modelSchema.parse(JSON.parse(description)).id;
  } catch {
    return null;
  }
}

async function requireSame(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw changed(file);
    throw explained(error, file);
  }
  if (hash.digest('hex') !== sha256) throw changed(file);
}

function requirePlain(file: string): void {
  if (!PLAIN.test(file)) throw changed(file);
}

function changed(file: string): PretextError {
  return new PretextError({
    code: 'bundle.changed',
    message:
      'A file that a job made is gone, or not what the job said of it. Nothing of this job was taken over.',
    place: file,
    remedy: 'Copy the results again from where they were computed, or submit the job again alone.',
  });
}
