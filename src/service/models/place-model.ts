/** A model's folder in the project, made of the parts of another folder. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isModelPart, MODEL_FILE, partsOf, type Model } from '../../contract/model/model.ts';
import { flushAtOnce, giveNameAtOnce, linkOrCopy, removeFolderOf } from '../../machine/replace-file.ts';
import { modelFolder } from '../../project/index.ts';

/**
 * Weights are the same files under another name; the description is what is given. The folder appears whole or not at
 * all, and takes the place of one that stood there.
 *
 * @param from the folder that holds the parts
 */
export function placeModel(projectFolder: string, model: Model, from: string): void {
  const to = modelFolder(projectFolder, model.id);
  const temporary = `${to}.tmp-${process.pid}`;
  if (existsSync(temporary)) removeFolderOf(temporary, isModelPart);
  mkdirSync(temporary, { recursive: true });
  for (const { file } of partsOf(model)) linkOrCopy(join(from, file), join(temporary, file));
  const description = join(temporary, MODEL_FILE);
  writeFileSync(description, `${JSON.stringify(model, null, 2)}\n`);
  flushAtOnce(description);
  if (existsSync(to)) removeFolderOf(to, isModelPart);
  giveNameAtOnce(temporary, to);
}
