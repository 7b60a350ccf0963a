/**
 * Decodes plain JPEG files of the stored size: 8 bit, grey or color, without a profile, an orientation or any marker
 * that asks for more. The image library takes several times as long to start for a small picture. Both decode by
 * libjpeg's exact integer arithmetic, so the pixels are the same (`quick-jpeg.test.ts`), but where a damaged file asks
 * for values beyond all colors.
 *
 * Everything else, and everything that is not perfectly in order, gives null: the image library then decodes it or
 * says what is wrong.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { repeatGrey } from './reshape.ts';
import type { StoredShape } from './stored-size.ts';

/** The memory of the decoder grows with the largest picture and never shrinks. */
const MOST_PIXELS = 1024 * 1024;
const START_OF_SCAN = 0xda;
/** Tables, restart intervals, comments and JFIF's own marker say nothing that changes the colors. */
const PLAIN_MARKERS = new Set([0xdb, 0xc4, 0xdd, 0xfe, 0xe0]);
/** Baseline, extended and progressive. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Sampling of brightness beside colors: 4:4:4 and 4:2:0. */
const SAMPLINGS = new Set([0x11, 0x22]);

/** @returns pixels in the stored shape, null if the file is not plain, not in order or of another shape */
export function decodeQuickJpeg(bytes: Buffer, stored: StoredShape): Buffer | null {
  if (stored.width * stored.height > MOST_PIXELS) return null;
  const channels = plainChannels(bytes, stored);
  if (channels === 0) return null;
  const pixels = decode(bytes, stored, channels);
  return pixels && channels < stored.channels ? Buffer.from(repeatGrey(pixels).buffer) : pixels;
}

/** 1 or 3, or 0 for a file that is not plain. */
function plainChannels(bytes: Buffer, { width, height, channels }: StoredShape): 0 | 1 | 3 {
  let found: 0 | 1 | 3 = 0;
  for (let at = 2; at + 10 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return 0;
    if (marker === START_OF_SCAN) return found;
    if (PLAIN_MARKERS.has(marker)) continue;
    if (!FRAMES.has(marker) || found !== 0 || bytes[at + 4] !== 8) return 0;
    if (bytes.readUInt16BE(at + 5) !== height || bytes.readUInt16BE(at + 7) !== width) return 0;
    if (bytes[at + 9] === 1) found = 1;
    else if (bytes[at + 9] === 3 && channels === 3 && isPlainColor(bytes, at + 10)) found = 3;
    else return 0;
  }
  return 0;
}

/** Brightness and two colors, numbered as JFIF has it; three numbers a component: number, sampling, table. */
function isPlainColor(bytes: Buffer, at: number): boolean {
  const [y, cb, cr] = [at, at + 3, at + 6];
  if (cr + 1 >= bytes.length) return false;
  const numbered = bytes[y] === 1 && bytes[cb] === 2 && bytes[cr] === 3;
  return numbered && SAMPLINGS.has(bytes[y + 1]!) && bytes[cb + 1] === 0x11 && bytes[cr + 1] === 0x11;
}

/** TurboJPEG's interface, as `@cwasm/jpeg-turbo` exports it. */
interface TurboJpeg {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(address: number): void;
  tjInitDecompress(): number;
  tjDestroy(decompressor: number): number;
  tjDecompress2(
    decompressor: number,
    source: number,
    bytes: number,
    target: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

const RGB = 0;
const GREY = 6;

/** null where the package is not there: then the library decodes all, only more slowly. */
let compiled: WebAssembly.Module | null | undefined;
let running: { library: TurboJpeg; decompressor: number } | null = null;

function decode(bytes: Buffer, { width, height }: StoredShape, channels: 1 | 3): Buffer | null {
  if (compiled === undefined) compiled = compile();
  if (compiled === null) return null;
  running ??= start(compiled);
  const { library, decompressor } = running;
  try {
    const size = width * height * channels;
    const source = library.malloc(bytes.length);
    const target = library.malloc(size);
    new Uint8Array(library.memory.buffer, source, bytes.length).set(bytes);
    const format = channels === 1 ? GREY : RGB;
    // Warnings, as of a file that is cut off, are no success either.
    const status = library.tjDecompress2(
      decompressor,
      source,
      bytes.length,
      target,
      width,
      width * channels,
      height,
      format,
      0,
    );
    const pixels = Buffer.allocUnsafeSlow(size);
    pixels.set(new Uint8Array(library.memory.buffer, target, size));
    library.free(source);
    library.free(target);
    return status === 0 ? pixels : null;
  } catch {
    // A damaged file: the decoder knows no way back out of it and is started anew. The image library says what is wrong.
    running = null;
    return null;
  }
}

function compile(): WebAssembly.Module | null {
  try {
    const file = createRequire(import.meta.url).resolve('@cwasm/jpeg-turbo/jpeg-turbo.wasm');
    return new WebAssembly.Module(readFileSync(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ENOENT') return null;
    throw error;
  }
}

function start(module: WebAssembly.Module): { library: TurboJpeg; decompressor: number } {
  const refuse = () => {
    throw new Error('The JPEG decoder found the file damaged.');
  };
  const system = ['proc_exit', 'fd_close', 'fd_seek', 'fd_write', 'environ_get'];
  const { exports } = new WebAssembly.Instance(module, {
    env: { setjmp: () => 0, longjmp: refuse },
    wasi_snapshot_preview1: {
      ...Object.fromEntries(system.map((name) => [name, refuse])),
      environ_sizes_get: () => 0,
    },
  });
  const library = exports as unknown as TurboJpeg;
  return { library, decompressor: library.tjInitDecompress() };
}
