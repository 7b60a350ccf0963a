/**
 * The machine's settings: one small file in the user's folder for configuration, for the window and the command line
 * alike. They are defaults: what a recipe or a flag says wins, and a study keeps what it began with.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DeviceWish } from '../contract/recipe/device.ts';
import { PretextError } from '../contract/errors.ts';
import { userFolder } from '../host/user-folder.ts';
import {
  machineSettingsSchema,
  type Machine,
  type MachineChange,
  type MachineSettings,
} from '../contract/machine/settings.ts';
import { readSettingsFile, writeSettingsFile } from './settings-file.ts';

const settingsFile = () => join(userFolder(), 'machine.json');

export function readMachine(file = settingsFile(), cores = availableParallelism()): Machine {
  const read = readSettings(file);
  // The file may come from a machine with more of them.
  const threads = read.threads === null ? null : Math.min(read.threads, cores);
  const settings = { ...read, threads };
  return { settings, cores, file };
}

/** @throws PretextError `settings.unreadable` */
const readSettings = (file: string): MachineSettings =>
  readSettingsFile(file, machineSettingsSchema, (why) => ({
    code: 'settings.unreadable',
    message: `The machine's settings cannot be read: ${why}`,
    remedy: 'Correct the file, or delete it: it holds threads, precision and priority only.',
  }));

/**
 * @throws PretextError `settings.threads` for more threads than the processor has, `settings.not-written` where the
 *   system does not allow it
 */
export function changeMachine(
  change: MachineChange,
  file = settingsFile(),
  cores = availableParallelism(),
): Machine {
  const before = readMachine(file, cores).settings;
  const { threads = before.threads, precision = before.precision, priority = before.priority } = change;
  const settings = { threads, precision, priority };
  requireThreads(threads, cores);
  writeSettingsFile(file, settings, (code) => ({
    code: 'settings.not-written',
    message: `The machine's settings cannot be written (${code}). Nothing was changed.`,
    remedy:
      'Give yourself permission there (and room on its disk), or set PRETEXT_CONFIG to a folder that can be written to.',
  }));
  return { settings, cores, file };
}

function requireThreads(threads: number | null, cores: number): void {
  if (threads === null || threads <= cores) return;
  throw new PretextError({
    code: 'settings.threads',
    message: `Threads must be a whole number from 1 to ${cores}, or automatic. Found: ${threads}.`,
    place: 'threads',
    remedy: `This processor runs ${cores} threads at once; more would only slow each other down.`,
  });
}

/** The recipe's part about the machine, where the recipe itself says nothing. */
export function deviceDefaults({ settings }: Machine = readMachine()): DeviceWish {
  const { threads, precision } = settings;
  return { ...(threads !== null && { threads }), precision };
}
