import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { atOnce, IN_MEMORY_BYTES, lookAt, type OpenImage } from '../../../../src/data/images/read-file.ts';
import { folderOf } from '../../../fixtures/imports.ts';

const picture = (side: number, level = 6) =>
  sharp(
    Uint8Array.from({ length: side * side * 3 }, (_, at) => (at * 7919) % 251),
    {
      raw: { width: side, height: side, channels: 3 },
    },
  ).png({ compressionLevel: level });

async function look(content: Uint8Array | string, name = 'a.png', open?: OpenImage) {
  return lookAt({ path: name, absolute: join(await folderOf({ [name]: content }), name) }, open);
}

describe.each([
  ['in the background', undefined],
  ['at once', atOnce],
])('a file that is read %s', (_how, open) => {
  it('is told by its header; the bytes of a small one are kept', async () => {
    const bytes = await picture(20).toBuffer();
    const looked = await look(bytes, 'a.png', open);
    expect(looked).toMatchObject({ fileBytes: bytes.length, header: { kind: 'png', width: 20, height: 20 } });
    expect('bytes' in looked && Buffer.from(looked.bytes!).equals(bytes)).toBe(true);
  });

  it('is not kept where its header comes first and it is large', async () => {
    const looked = await look(await picture(400, 0).toBuffer(), 'a.png', open);
    expect(looked).toMatchObject({ header: { width: 400 }, bytes: null });
  });

  it('is read whole where its header may stand anywhere', async () => {
    const bytes = await picture(200, 0).webp({ lossless: true, effort: 0 }).toBuffer();
    const looked = await look(bytes, 'a.webp', open);
    expect(looked).toMatchObject({ header: { kind: 'webp', width: 200 } });
    expect('bytes' in looked && looked.bytes!.length).toBe(bytes.length);
  });

  it.each([
    ['nothing', '', 'a.png', 'empty', 'The file is empty (0 bytes). Copy it again from its source.'],
    [
      'a text',
      'Dear all',
      'a.png',
      'not-an-image',
      'The name says image, but the content is text. Save it as PNG or JPEG, or remove it.',
    ],
    [
      'another document',
      '%PDF-1.7',
      'scan',
      'not-an-image',
      'This is not an image that is read, but a PDF document.',
    ],
  ])('that holds %s is no image', async (_what, content, name, reason, message) => {
    expect(await look(content, name, open)).toEqual({ reason, message });
  });

  it('that is not there, or a folder, is told', async () => {
    const folder = await folderOf();
    expect(await lookAt({ path: 'gone.png', absolute: join(folder, 'gone.png') }, open)).toEqual({
      reason: 'missing',
      message: 'The file is not there: it is a broken link or was removed meanwhile.',
    });
    expect(await lookAt({ path: 'x.png', absolute: folder }, open)).toMatchObject({ reason: 'folder' });
  });
});

/** A file that claims to be so large; only its beginning is asked for. */
const huge =
  (start: Buffer, size: number, asked: number[]): OpenImage =>
  () => ({
    readAt(target, position) {
      asked.push(target.length);
      target.fill(0);
      start.copy(target, 0, Math.min(position, start.length));
      return target.length;
    },
    size: () => size,
    close: () => undefined,
  });

describe('a very large file', () => {
  it('is refused by its size, before it is read', async () => {
    const asked: number[] = [];
    const start = await picture(40).toBuffer();
    expect(
      await lookAt({ path: 'a.png', absolute: '/nowhere/a.png' }, huge(start, 5 * 2 ** 30, asked)),
    ).toEqual({
      reason: 'too-large',
      message: 'The file has 5.0 GiB; at most 4 GiB are read. Cut or shrink the picture.',
    });
    expect(asked.reduce((sum, one) => sum + one, 0)).toBeLessThan(64 * 1024);
  });

  it('is told by its header alone where that comes first', async () => {
    const asked: number[] = [];
    const start = await picture(40).toBuffer();
    const looked = await lookAt(
      { path: 'a.png', absolute: '/nowhere/a.png' },
      huge(start, IN_MEMORY_BYTES + 1, asked),
    );
    expect(looked).toMatchObject({ header: { width: 40 }, bytes: null });
    expect(asked).toHaveLength(1);
  });
});
