/** How jobs are placed on other machines, as this machine's settings say: a small file beside them, made by hand. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineSettingsSchema, type EngineId, type EngineWishes } from '../contract/elsewhere/engine.ts';
import { PretextError } from '../contract/errors.ts';
import { readMachine } from './settings.ts';

/** Of engines that it does not name nothing is known. @throws PretextError `engine.settings` */
export function readEngineWishes(
  engine: EngineId,
  file = join(dirname(readMachine().file), 'engines.json'),
): Partial<EngineWishes> {
  if (!existsSync(file)) return {};
  try {
    return engineSettingsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))[engine] ?? {};
  } catch (error) {
    throw new PretextError({
      code: 'engine.settings',
      message: `What is known of queueing systems cannot be read: ${(error as Error).message.split('\n')[0]}`,
      place: file,
      remedy: 'Correct the file. It looks like {"slurm": {"partition": "cpu", "account": "lab"}}.',
    });
  }
}
