/** The image library, loaded when the first picture asks for it: plain files of the stored size do without. */
import type Sharp from 'sharp';

export type ImageLibrary = typeof Sharp;

let loaded: Promise<ImageLibrary> | null = null;

export const imageLibrary = (): Promise<ImageLibrary> => (loaded ??= load());

async function load(): Promise<ImageLibrary> {
  const { default: sharp } = await import('sharp');
  // Many small pictures: one thread each, and nothing of them is asked for twice.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}
