/** Room on a full disk: work that found none waits here, and goes on by itself when there is some. */
import { isAbsolute } from 'node:path';
import type { Failure } from '../../contract/errors.ts';
import { existingPlace, freeBytes as freeBytesOf } from '../../machine/disk-space.ts';
import type { Guard } from './guard.ts';

const LOOK_MS = 2_000;
/** Where room seems to be there and is not (a quota), the work is tried more and more seldom. */
const LONGEST_MS = 120_000;
const SOON_MS = 60_000;
/** For the database, its log and whatever else is written besides. */
const SPARE_BYTES = 8 * 2 ** 20;

export interface Room {
  /** Whether something waits: nothing new should begin. */
  isShort(): boolean;
  /** Waits for room for so many bytes where the failure happened. Returns the failure in words that say what is needed. */
  waitFor(failure: Failure, bytes: number): Failure;
  /** Somebody wants the work to go on at once. */
  stopWaiting(): void;
  close(): void;
}

interface RoomOptions {
  /** Of a failure that names no place. */
  folder: string;
  guard: Guard;
  onRoom(): void;
  freeBytes?: (folder: string) => number;
  now?: () => number;
}

export function createRoom(options: RoomOptions): Room {
  const { folder, guard, onRoom, freeBytes = freeBytesOf, now = () => performance.now() } = options;
  let waiting: { place: string; bytes: number; notBeforeMs: number } | null = null;
  let wentOnMs = -Infinity;
  let pauseMs = LOOK_MS;
  const look = () => {
    if (!waiting || now() < waiting.notBeforeMs || freeBytes(waiting.place) < waiting.bytes) return;
    waiting = null;
    wentOnMs = now();
    onRoom();
  };
  const timer = setInterval(() => guard('work could not go on after the disk was full', look), LOOK_MS);
  return {
    isShort: () => waiting !== null,
    waitFor(failure, bytes) {
      const place = failure.place && isAbsolute(failure.place) ? failure.place : folder;
      pauseMs = now() - wentOnMs < SOON_MS ? Math.min(LONGEST_MS, pauseMs * 2) : LOOK_MS;
      const needed = Math.max(bytes + SPARE_BYTES, waiting?.bytes ?? 0);
      waiting = { place: existingPlace(place), bytes: needed, notBeforeMs: now() + pauseMs };
      return {
        ...failure,
        place,
        remedy: `Free at least ${Math.ceil(needed / 1e6)} MB there. The work then goes on by itself; nothing is lost.`,
      };
    },
    stopWaiting: () => void (waiting = null),
    close: () => clearInterval(timer),
  };
}
