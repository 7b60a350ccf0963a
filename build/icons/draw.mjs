// Draws the PNG icons from icon.svg; run by hand after the drawing has changed: `node build/icons/draw.mjs`.
import { join } from 'node:path';
import sharp from 'sharp';

const folder = import.meta.dirname;
const source = join(folder, 'icon.svg');

for (const size of [16, 32, 48, 64, 128, 256, 512, 1024]) {
  const density = (72 * size) / 512;
  await sharp(source, { density: Math.max(72, density) })
    .resize(size, size)
    .png()
    .toFile(join(folder, `${size}x${size}.png`));
}
