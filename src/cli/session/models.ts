/** Models as commands name them, and work that is ended in order at Ctrl-C. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
import { MODEL_FILE, modelSchema, type Model } from '../../contract/model/model.ts';
import { withHead } from '../../contract/model/heads.ts';
import { EXIT, NotDone, type Environment } from '../environment.ts';
import { isProject, projectFolder, withService, type ProjectOption } from './session.ts';

/** The folder of a model: named itself, or by the model's name or id in a project. */
export async function modelFolder(
  environment: Environment,
  model: string,
  options: ProjectOption,
): Promise<string> {
  const folder = resolve(environment.folder, model);
  if (existsSync(join(folder, MODEL_FILE))) return folder;
  // A path that leads nowhere is told by whoever reads it.
  if (options.project === undefined && !isProject(environment.folder)) return folder;
  const project = projectFolder(environment, options);
  return withService(
    environment,
    { folder: project },
    async (client) => (await client.model.find({ model })).folder,
  );
}

/** The same with what the model says of itself, by the head that is meant. */
export async function modelAt(
  environment: Environment,
  name: string,
  options: ProjectOption & { head?: string },
): Promise<{ folder: string; model: Model }> {
  const folder = await modelFolder(environment, name, options);
  const file = join(folder, MODEL_FILE);
  const read = existsSync(file) ? modelSchema.safeParse(documentIn(readFileSync(file, 'utf8'))) : null;
  if (read?.success) return { folder, model: withHead(read.data, options.head) };
  throw new PretextError({
    code: read ? 'model.broken' : 'model.missing',
    message: read
      ? `${MODEL_FILE} does not describe a model that this program knows.`
      : `This is no folder of a model: it holds no ${MODEL_FILE}.`,
    place: folder,
    remedy: 'Give a model’s folder, or its name or id with --project.',
  });
}

/** Null where the text is no JSON, as of a file that is damaged. */
function documentIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The first Ctrl-C ends it in order, the second at once. */
export async function interruptible<T>(
  environment: Environment,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const stopListening = environment.onInterrupt(() => {
    if (abort.signal.aborted) process.exit(EXIT.failed);
    abort.abort(new NotDone('Stopped. The same command goes on from here.'));
  });
  try {
    return await work(abort.signal);
  } catch (thrown) {
    if (abort.signal.aborted) throw abort.signal.reason;
    throw thrown;
  } finally {
    stopListening();
  }
}

/** A folder that holds a model is taken by its path; anything else is a name or an id in the project. */
export function folderOrName(environment: Environment, model: string): string {
  const path = resolve(environment.folder, model);
  return existsSync(join(path, MODEL_FILE)) ? path : model;
}
