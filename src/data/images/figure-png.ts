/** Drawn figures as pictures, for programs that take no SVG. */
import { imageLibrary } from './formats/library.ts';

/** Pixels of the PNG for each of the SVG's. */
const PNG_SCALE = 2;

/** @param svg that stands alone: with its size, and a font of its own */
export async function figurePng(svg: string): Promise<Uint8Array> {
  const sharp = await imageLibrary();
  return sharp(Buffer.from(svg), { density: 72 * PNG_SCALE })
    .png()
    .toBuffer();
}

/** Each figure under its name, as SVG and as PNG. */
export async function figureFiles(
  figures: ReadonlyMap<string, string>,
): Promise<{ path: string; contents: Uint8Array | string }[]> {
  const files = [];
  for (const [name, svg] of figures)
    files.push(
      { path: `${name}.svg`, contents: svg },
      { path: `${name}.png`, contents: await figurePng(svg) },
    );
  return files;
}
