/** A thread that decodes images. */
import { workerData } from 'node:worker_threads';
import { answerRequests } from '../threads.ts';
import { decodeOne, type DecodedImage, type ImageToDecode } from './decoding.ts';
import type { StoredShape } from './formats/stored-size.ts';

const stored = workerData as StoredShape;

answerRequests(async (images: readonly ImageToDecode[]) => {
  const decoded: DecodedImage[] = [];
  for (const image of images) decoded.push(await decodeOne(image, stored));
  return together(decoded);
});

/** The pixels of a batch lie in one piece of memory, which is handed over instead of copied. */
function together(decoded: readonly DecodedImage[]) {
  const memory = new Uint8Array(decoded.reduce((sum, { pixels }) => sum + (pixels?.length ?? 0), 0));
  let at = 0;
  const value = decoded.map((one) => {
    if (one.pixels === null) return one;
    memory.set(one.pixels, at);
    const pixels = memory.subarray(at, (at += one.pixels.length));
    return { ...one, pixels };
  });
  return { value, transfer: [memory.buffer] };
}
