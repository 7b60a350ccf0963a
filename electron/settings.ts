/** What the program remembers between starts, in one file of the user's data folder: recent projects, window, theme. */
import { app } from 'electron';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import {
  mannersSchema,
  recentProjectSchema,
  themeSchema,
  type RecentProject,
} from '../src/contract/messages/shell.ts';

const KEPT_PROJECTS = 30;

const settingsSchema = z.object({
  recent: z.array(recentProjectSchema.omit({ exists: true })).default([]),
  theme: themeSchema.default('system'),
  manners: mannersSchema.default({ keepAwake: true, notify: true }),
  window: z
    .object({
      x: z.number().int().optional(),
      y: z.number().int().optional(),
      width: z.number().int().min(200),
      height: z.number().int().min(200),
      maximized: z.boolean(),
    })
    .default({ width: 1280, height: 800, maximized: false }),
});
export type Settings = z.infer<typeof settingsSchema>;

const file = () => join(app.getPath('userData'), 'settings.json');

/** A file that cannot be read as settings is set aside, not lost, and the defaults are used. */
export function readSettings(): Settings {
  const path = file();
  if (!existsSync(path)) return settingsSchema.parse({});
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    renameSync(path, `${path}.unreadable`);
    console.error(`The settings could not be read and were set aside as ${path}.unreadable:`, error);
    return settingsSchema.parse({});
  }
}

export function changeSettings(change: (settings: Settings) => Partial<Settings>): Settings {
  const settings = readSettings();
  const changed = { ...settings, ...change(settings) };
  const path = file();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(changed, null, 2));
  renameSync(`${path}.new`, path);
  return changed;
}

export function listRecent(): RecentProject[] {
  return readSettings().recent.map((project) => ({ ...project, exists: existsSync(project.directory) }));
}

/** Puts a project first among the recent ones. */
export function noteOpened(directory: string, name: string): void {
  const entry = { directory, name, openedAt: new Date().toISOString() };
  changeSettings(({ recent }) => ({
    recent: [entry, ...without(recent, directory)].slice(0, KEPT_PROJECTS),
  }));
}

export function noteRenamed(directory: string, name: string): void {
  changeSettings(({ recent }) => ({
    recent: recent.map((project) => (project.directory === directory ? { ...project, name } : project)),
  }));
}

export function forget(directory: string): void {
  changeSettings(({ recent }) => ({ recent: without(recent, directory) }));
}

function without(recent: Settings['recent'], directory: string): Settings['recent'] {
  return recent.filter((project) => project.directory !== directory);
}
