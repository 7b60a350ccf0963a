/** Room on the disk where a folder is, or is to be. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** The place itself, or the nearest above it that is there. */
export function existingPlace(place: string): string {
  return existsSync(place) || dirname(place) === place ? place : existingPlace(dirname(place));
}

/** Bytes that a program may still write there. @param place that is there */
export function freeBytes(place: string): number {
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
}
