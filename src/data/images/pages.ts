/** Files of several pages (TIFF): what the pages are is asked, as nothing in the file is sure to tell. */
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/index.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import type { ListedFile } from '../reading/listing.ts';
import { kindOfName, type ImageHeader } from './formats/file-kind.ts';
import { lookAt } from './read-file.ts';

const LOOKED_AT = 8;

const isStack = ({ kind, frames }: ImageHeader): boolean => kind === 'tiff' && frames > 1;

function pagesDoubt(path: string, { frames, width, height }: ImageHeader): Doubt {
  return {
    code: 'images.pages',
    message: `“${path}” holds ${frames} pages of ${width} × ${height} pixels: channels of one picture (stains, bands, focal planes), or pictures of their own.`,
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
  if (pages === 'channels' && header.grey && header.bands === null)
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

/** What has to be asked of a few of the files, before an import. */
export async function doubtsOfPages(
  files: readonly ListedFile[],
  { pages }: ImportOptions['images'],
): Promise<Doubt[]> {
  if (pages !== undefined && pages !== 'ask') return [];
  const stacks = files.filter(({ path }) => kindOfName(path) === 'tiff');
  for (const file of stacks.slice(0, LOOKED_AT)) {
    const looked = await lookAt(file);
    if ('header' in looked && isStack(looked.header)) return [pagesDoubt(file.path, looked.header)];
  }
  return [];
}
