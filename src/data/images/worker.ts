/** A thread that looks at images and decodes them. */
import { answerRequests } from '../threads.ts';
import { decodeOne, type DecodedImage, type ImageRequest } from './decoding.ts';
import { atOnce, lookAt, type LookedAt, type Problem } from './read-file.ts';

/** Of larger files among a batch the bytes are read again when they are decoded. */
const BATCH_BYTES = 4 * 2 ** 20;

answerRequests(async (request: ImageRequest) => {
  if (request.kind === 'look') {
    const looked: (LookedAt | Problem)[] = [];
    let held = 0;
    for (const file of request.files) {
      const one = await lookAt(file, atOnce);
      if ('header' in one && one.bytes && (held += one.bytes.length) > BATCH_BYTES) {
        held -= one.bytes.length;
        one.bytes = null;
      }
      looked.push(one);
    }
    return together(looked, 'bytes');
  }
  const decoded: DecodedImage[] = [];
  for (const image of request.images) decoded.push(await decodeOne(image, request.stored));
  return together(decoded, 'pixels');
});

/** The bytes of a batch lie in one piece of memory, which is handed over instead of copied. */
function together<Field extends string, One extends { [field in Field]?: Uint8Array | null }>(
  answers: readonly (One | Problem)[],
  field: Field,
) {
  const bytesOf = (one: One | Problem) => (field in one ? (one as One)[field] : undefined) ?? null;
  const memory = Buffer.allocUnsafeSlow(answers.reduce((sum, one) => sum + (bytesOf(one)?.length ?? 0), 0));
  let at = 0;
  const value = answers.map((one) => {
    const bytes = bytesOf(one);
    if (bytes === null) return one;
    memory.set(bytes, at);
    const own = new Uint8Array(memory.buffer, at, bytes.length);
    at += bytes.length;
    return { ...one, [field]: own };
  });
  return { value, transfer: [memory.buffer] };
}
