import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRoom, type Room } from '../../../../src/service/workplace/room.ts';

const full = { code: 'disk.full', message: 'The disk is full. (ENOSPC)', place: '/tmp/gone/a.safetensors' };

let room: Room;
let free = 0;
let asked: string[];
let onRoom: ReturnType<typeof vi.fn<() => void>>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  free = 0;
  onRoom = vi.fn<() => void>();
  room = createRoom({
    folder: '/',
    guard: (_what, work) => work(),
    onRoom,
    freeBytes: (folder) => (asked.push(folder), free),
    now: () => Date.now(),
  });
});
afterEach(() => {
  room.close();
  vi.useRealTimers();
});

describe('work that met a full disk', () => {
  it('says how much room it needs and where, and goes on once it is there', () => {
    const told = room.waitFor(full, 92e6);
    expect(told).toMatchObject({ code: 'disk.full', place: '/tmp/gone/a.safetensors' });
    expect(told.remedy).toContain('at least 101 MB');
    expect(room.isShort()).toBe(true);
    free = 100e6;
    vi.advanceTimersByTime(60_000);
    expect(onRoom).not.toHaveBeenCalled();
    // The file's folder is gone as well: its disk is that of the folder above.
    expect(new Set(asked)).toEqual(new Set(['/tmp']));
    free = 101e6;
    vi.advanceTimersByTime(4_000);
    expect(onRoom).toHaveBeenCalledTimes(1);
    expect(room.isShort()).toBe(false);
  });

  it('is tried more and more seldom where there seems to be room and is none, as under a quota', () => {
    free = 1e12;
    onRoom.mockImplementation(() => void room.waitFor(full, 0));
    room.waitFor(full, 0);
    vi.advanceTimersByTime(10 * 60_000);
    expect(onRoom.mock.calls.length).toBeGreaterThan(3);
    expect(onRoom.mock.calls.length).toBeLessThan(20);
  });

  it('waits no more when somebody wants it to go on', () => {
    room.waitFor({ code: 'disk.full', message: 'The disk is full.' }, 0);
    room.stopWaiting();
    free = 1e12;
    vi.advanceTimersByTime(60_000);
    expect(onRoom).not.toHaveBeenCalled();
    expect(room.isShort()).toBe(false);
  });
});
