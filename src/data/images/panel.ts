/** What a person sees of an image: a PNG data address. */
import type { Panel } from '../../contract/data/preview.ts';
import { imageLibrary } from './formats/library.ts';

/**
 * An image in its natural size, `[height, width, channels]`, values from 0 to 255. Of two bands the first is shown,
 * of more than three the first three as red, green and blue.
 */
export async function imagePanel(
  values: ArrayLike<number>,
  shape: readonly number[],
): Promise<Panel['content']> {
  const [height = 1, width = 1, channels = 1] = shape;
  const shown = channels >= 3 ? 3 : 1;
  const pixels = new Uint8Array(height * width * shown);
  for (let at = 0; at < pixels.length; at += 1)
    pixels[at] = toByte(values[Math.floor(at / shown) * channels + (at % shown)]!);
  const sharp = await imageLibrary();
  const png = await sharp(pixels, { raw: { width, height, channels: shown } })
    .png({ compressionLevel: 3 })
    .toBuffer();
  return { kind: 'image', width, height, png: `data:image/png;base64,${png.toString('base64')}` };
}

const toByte = (value: number) => Math.round(Math.min(255, Math.max(0, value)));
