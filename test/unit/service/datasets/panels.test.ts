import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { imagePanel } from '../../../../src/data/images/panel.ts';
import { signalPanel, thin } from '../../../../src/data/signals/panel.ts';
import { toPanel } from '../../../../src/service/datasets/panels.ts';

const pixelsOf = async (png: string) =>
  sharp(Buffer.from(png.replace('data:image/png;base64,', ''), 'base64'))
    .raw()
    .toBuffer({ resolveWithObject: true });

describe('panels', () => {
  it('an image is a PNG of its own size with its own pixels', async () => {
    const pixels = Uint8Array.from({ length: 2 * 3 * 3 }, (_, index) => index * 14);
    const content = await imagePanel(pixels, [2, 3, 3]);
    if (content.kind !== 'image') throw new Error('it should be an image');
    const { data, info } = await pixelsOf(content.png);
    expect([info.width, info.height, info.channels]).toEqual([3, 2, 3]);
    expect([...data]).toEqual([...pixels]);
  });

  it('values of a preview are rounded and cut to bytes', async () => {
    const raw = {
      title: 'view',
      role: 'view' as const,
      shape: [1, 3, 1],
      values: Float32Array.of(-5, 127.6, 300),
    };
    const { content } = await toPanel(raw, 'image');
    if (content.kind !== 'image') throw new Error('it should be an image');
    const { data, info } = await pixelsOf(content.png);
    expect([...data].filter((_, index) => index % info.channels === 0)).toEqual([0, 128, 255]);
  });

  it('a signal is one trace a channel', () => {
    expect(signalPanel(Float32Array.of(1, 10, 2, 20, 3, 30), [3, 2])).toEqual({
      kind: 'signal',
      channels: [
        [1, 2, 3],
        [10, 20, 30],
      ],
    });
  });

  it('a long trace keeps its peaks in their order', () => {
    const values = Array.from({ length: 10_000 }, (_, index) =>
      index === 777 ? 9 : index === 5005 ? -9 : 0,
    );
    const thinned = thin(values, 160);
    expect(thinned).toHaveLength(160);
    expect(thinned.indexOf(9)).toBeLessThan(thinned.indexOf(-9));
    expect(thinned.filter((value) => value !== 0)).toEqual([9, -9]);
    expect(thin([1, 2, 3], 160)).toEqual([1, 2, 3]);
  });
});
