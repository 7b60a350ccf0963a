/** Raw samples as the window shows them: pictures as PNG data addresses, traces as a few numbers a channel. */
import sharp from 'sharp';
import type { Panel, RawPanel } from '../../contract/preview.ts';
import type { Modality } from '../../contract/recipe.ts';

export type PanelContent = Panel['content'];

/** Points that a trace is thinned to, a lowest and a highest for each stretch. */
const TRACE_POINTS = 160;

/**
 * An image in its natural size, `[height, width, channels]`, values from 0 to 255. Of two bands the first is shown,
 * of more than three the first three as red, green and blue.
 */
export async function imageContent(
  values: ArrayLike<number>,
  shape: readonly number[],
): Promise<PanelContent> {
  const [height = 1, width = 1, channels = 1] = shape;
  const shown = channels >= 3 ? 3 : 1;
  const pixels = new Uint8Array(height * width * shown);
  for (let at = 0; at < pixels.length; at += 1)
    pixels[at] = toByte(values[Math.floor(at / shown) * channels + (at % shown)]!);
  const png = await sharp(pixels, { raw: { width, height, channels: shown } })
    .png({ compressionLevel: 3 })
    .toBuffer();
  return { kind: 'image', width, height, png: `data:image/png;base64,${png.toString('base64')}` };
}

/** A window of a signal, `[length, channels]`, row-major. */
export function signalContent(values: Float32Array, shape: readonly number[]): PanelContent {
  const [length = 0, channels = 0] = shape;
  return {
    kind: 'signal',
    channels: Array.from({ length: channels }, (_, channel) =>
      thin(
        Array.from({ length }, (_, time) => values[time * channels + channel]!),
        TRACE_POINTS,
      ),
    ),
  };
}

/** At most `points` values that keep every peak: of each stretch its lowest and highest, in their order. */
export function thin(values: readonly number[], points: number): number[] {
  if (values.length <= points) return [...values];
  const stretches = Math.floor(points / 2);
  return Array.from({ length: stretches }, (_, stretch) => {
    const from = Math.floor((stretch * values.length) / stretches);
    const to = Math.floor(((stretch + 1) * values.length) / stretches);
    let low = from;
    let high = from;
    for (let index = from; index < to; index++) {
      if (values[index]! < values[low]!) low = index;
      if (values[index]! > values[high]!) high = index;
    }
    return low <= high ? [values[low]!, values[high]!] : [values[high]!, values[low]!];
  }).flat();
}

/** A panel from the trainer; images come as floats from 0 to 255. */
export async function toPanel(raw: RawPanel, modality: Modality): Promise<Panel> {
  const content =
    modality === 'image' ? await imageContent(raw.values, raw.shape) : signalContent(raw.values, raw.shape);
  return { title: raw.title, role: raw.role, content };
}

const toByte = (value: number) => Math.round(Math.min(255, Math.max(0, value)));
