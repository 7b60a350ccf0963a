/** Files of several pages (TIFF): what the pages are is asked, unless the file says that all are channels. */
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/index.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import type { ListedFile } from '../reading/listing.ts';
import { kindOfName, type ImageHeader } from './formats/file-kind.ts';
import { areChannels, meaningWords } from './formats/stack-words.ts';
import { lookAt } from './read-file.ts';

const LOOKED_AT = 8;

const isStack = ({ kind, frames }: ImageHeader): boolean => kind === 'tiff' && frames > 1;

function pagesDoubt(path: string, { frames, width, height, stack }: ImageHeader): Doubt {
  return {
    code: 'images.pages',
    message: `“${path}” holds ${frames} pages of ${width} × ${height} pixels: ${stack ? meaningWords(stack) : 'channels of one picture (stains, bands, focal planes), or pictures of their own.'}`,
    remedy: 'Say which: pages “channels”, or pages “first”, which takes the first of them.',
    blocking: true,
  };
}

/**
 * The header with all pages as bands, where they are to be channels.
 * @throws PretextError `images.pages` where it has to be said what pages are
 */
export function withPages(
  header: ImageHeader,
  { pages }: ImportOptions['images'],
  path: string,
): ImageHeader {
  if (!isStack(header) || pages === 'first') return header;
  const isTold = pages !== 'channels' && saysChannels(header);
  if ((pages === 'channels' || isTold) && header.grey && header.bands === null)
    return { ...header, pages: header.frames, bands: header.frames };
  if (pages === 'channels')
    throw new PretextError({
      code: 'images.pages',
      message: `“${path}” holds ${header.frames} pages that have several bands each: only grey pages can be channels of one picture.`,
      place: path,
      remedy: 'Set pages to “first”, or save each band as a page of its own.',
    });
  const { code, message, remedy } = pagesDoubt(path, header);
  throw new PretextError({ code, message, place: path, remedy });
}

/** It says so itself, and its pages can be channels. */
const saysChannels = ({ stack, grey, bands }: ImageHeader): boolean =>
  stack !== undefined && areChannels(stack) && grey && bands === null;

/** What is taken from the file's own words, for the list of what an import noted. */
export function stackNote({ stack, pages }: ImageHeader, options: ImportOptions['images']): string | null {
  if (!stack || pages === undefined || options.pages === 'channels') return null;
  return `${meaningWords(stack)} Its pages are therefore channels of one picture; set pages to “first” to take one alone.`;
}

/** What has to be asked of a few of the files, before an import. */
export async function doubtsOfPages(
  files: readonly ListedFile[],
  options: ImportOptions['images'],
): Promise<{ doubts: Doubt[]; notes: string[] }> {
  const nothing = { doubts: [], notes: [] };
  if (options.pages !== undefined && options.pages !== 'ask') return nothing;
  const stacks = files.filter(({ path }) => kindOfName(path) === 'tiff');
  for (const file of stacks.slice(0, LOOKED_AT)) {
    const looked = await lookAt(file);
    if (!('header' in looked) || !isStack(looked.header)) continue;
    if (!saysChannels(looked.header)) return { doubts: [pagesDoubt(file.path, looked.header)], notes: [] };
    const note = stackNote(withPages(looked.header, options, file.path), options);
    if (note) return { doubts: [], notes: [`“${file.path}”: ${note}`] };
  }
  return nothing;
}
