/** How jobs are placed on other machines, as this machine's settings say: a small file beside them. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  engineSettingsSchema,
  type EngineId,
  type EngineSettings,
  type EngineWishes,
} from '../contract/elsewhere/engine.ts';
import { PretextError } from '../contract/errors.ts';
import { makeFolder } from './make-folder.ts';
import { readMachine } from './settings.ts';

const settingsFile = () => join(dirname(readMachine().file), 'engines.json');

/** Of engines that it does not name nothing is known. @throws PretextError `engine.settings` */
export const readEngineWishes = (engine: EngineId, file = settingsFile()): Partial<EngineWishes> =>
  readAll(file)[engine] ?? {};

/** What it says of other engines stays. @throws PretextError `engine.settings`, `engine.settings-not-written` */
export function rememberEngineWishes(engine: EngineId, wishes: EngineWishes, file = settingsFile()): void {
  const all = { ...readAll(file), [engine]: wishes };
  try {
    makeFolder(dirname(file));
    writeFileSync(`${file}.new`, `${JSON.stringify(all, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new PretextError({
      code: 'engine.settings-not-written',
      message: `What was said of the queueing system could not be kept: ${(error as Error).message}`,
      place: file,
      remedy: 'Go on without keeping it, or let the folder be written to.',
    });
  }
}

function readAll(file: string): EngineSettings {
  if (!existsSync(file)) return {};
  try {
    return engineSettingsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new PretextError({
      code: 'engine.settings',
      message: `What is known of queueing systems cannot be read: ${(error as Error).message.split('\n')[0]}`,
      place: file,
      remedy: 'Correct the file. It looks like {"slurm": {"partition": "cpu", "account": "lab"}}.',
    });
  }
}
