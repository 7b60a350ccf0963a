/** How a MATLAB file of version 7.3 is told by its first bytes, without the library that reads it. */
const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** MATLAB puts 512 bytes of its own before the signature. */
export const looksLikeMat73 = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(512, 520)).equals(SIGNATURE) ||
  Buffer.from(head.subarray(0, 8)).equals(SIGNATURE);
