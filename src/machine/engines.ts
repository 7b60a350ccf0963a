/** How jobs are placed on other machines, as this machine's settings say: a small file beside them. */
import { dirname, join } from 'node:path';
import {
  engineSettingsSchema,
  type EngineId,
  type EngineSettings,
  type EngineWishes,
} from '../contract/elsewhere/engine.ts';
import { readMachine } from './settings.ts';
import { readSettingsFile, writeSettingsFile } from './settings-file.ts';

const settingsFile = () => join(dirname(readMachine().file), 'engines.json');

/** Of engines that it does not name nothing is known. @throws PretextError `engine.settings` */
export const readEngineWishes = (engine: EngineId, file = settingsFile()): Partial<EngineWishes> =>
  readAll(file)[engine] ?? {};

/** What it says of other engines stays. @throws PretextError `engine.settings`, `engine.settings-not-written` */
export function rememberEngineWishes(engine: EngineId, wishes: EngineWishes, file = settingsFile()): void {
  const all = { ...readAll(file), [engine]: wishes };
  writeSettingsFile(file, all, (code) => ({
    code: 'engine.settings-not-written',
    message: `What was said of the queueing system could not be kept (${code}).`,
    remedy: 'Go on without keeping it, or let the folder be written to.',
  }));
}

const readAll = (file: string): EngineSettings =>
  readSettingsFile(file, engineSettingsSchema, (why) => ({
    code: 'engine.settings',
    message: `What is known of queueing systems cannot be read: ${why}`,
    remedy: 'Correct the file. It looks like {"slurm": {"partition": "cpu", "account": "lab"}}.',
  }));
