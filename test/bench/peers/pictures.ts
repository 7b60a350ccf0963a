/** Coloured pictures for the bench of tasks: emoji from two npm packages, unpacked once into the cache. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../../build/setup/paths.mjs';
import { PretextError } from '../../../src/contract/errors.ts';

/** Twitter's pictures are CC BY 4.0, Google's (Noto) Apache 2.0; the tables beside them MIT. */
const STYLES = ['twitter', 'google'] as const;
const VERSION = '16.0.0';
/** Five patches of skin colours: too few for a class. */
const NO_CLASS = 'Component';

export const emojiSchema = z.array(
  z.object({
    unified: z.string(),
    image: z.string(),
    category: z.string(),
    has_img_twitter: z.boolean(),
    has_img_google: z.boolean(),
  }),
);
type Emoji = z.output<typeof emojiSchema>[number];

/** Code points that change how a person looks, or join others: persons, hair, sexes, directions, variants. */
const VARIANTS = new Set('1F468 1F469 1F9D1 1F9B0 1F9B1 1F9B2 1F9B3 2640 2642 27A1 200D FE0F'.split(' '));

/** What the picture shows, whoever does it: a man and a woman who run are the same thing. */
export const thingOf = ({ unified }: Pick<Emoji, 'unified'>): string =>
  unified
    .split('-')
    .filter((code) => !VARIANTS.has(code))
    .join('-') || 'person';

/** CLASS/THING/STYLE-IMAGE.png of each picture, without the tones of skin, which differ in nothing else. */
export function pictureFiles(emoji: readonly Emoji[], style: (typeof STYLES)[number]) {
  return emoji
    .filter((entry) => entry.category !== NO_CLASS && entry[`has_img_${style}`])
    .map((entry) => ({
      image: entry.image,
      folder: join(entry.category, thingOf(entry)),
      name: `${style}-${entry.image}`,
    }));
}

/**
 * The folder of the pictures. The first time, 130 MB are fetched by npm.
 *
 * @throws PretextError `bench.pictures`
 */
export async function prepareColorPictures(): Promise<string> {
  const folder = join(cacheFolder(), 'bench-pictures', VERSION);
  if (existsSync(folder)) return folder;
  const work = `${folder}.part`;
  rmSync(work, { recursive: true, force: true });
  for (const style of STYLES) unpackStyle(style, join(work, 'packages', style), join(work, 'pictures'));
  renameSync(join(work, 'pictures'), folder);
  rmSync(work, { recursive: true });
  return folder;
}

function unpackStyle(style: (typeof STYLES)[number], work: string, pictures: string): void {
  mkdirSync(work, { recursive: true });
  process.stderr.write(`[bench] fetching pictures of emoji by ${style} …\n`);
  // Under `npm run`, npm names its own script; it may be no program of the PATH.
  const script = process.env.npm_execpath;
  const [npm, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const shell = first.length === 0 && process.platform === 'win32';
  runIn(work, npm, [...first, 'pack', '--silent', `emoji-datasource-${style}@${VERSION}`], shell);
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz'))!;
  runIn(work, 'tar', ['-xzf', archive, `package/img/${style}/64`, 'package/emoji.json'], false);
  const table: unknown = JSON.parse(readFileSync(join(work, 'package', 'emoji.json'), 'utf8'));
  for (const { image, folder, name } of pictureFiles(emojiSchema.parse(table), style)) {
    mkdirSync(join(pictures, folder), { recursive: true });
    cpSync(join(work, 'package', 'img', style, '64', image), join(pictures, folder, name));
  }
}

function runIn(folder: string, program: string, parts: string[], shell: boolean): void {
  const { status, stderr } = spawnSync(program, parts, { cwd: folder, encoding: 'utf8', shell });
  if (status === 0) return;
  throw new PretextError({
    code: 'bench.pictures',
    message: `The pictures of emoji could not be fetched or unpacked (${program}, status ${status}).\n${stderr}`,
    remedy: 'Run the same command again. It needs npm and the package registry, and the program tar.',
  });
}
