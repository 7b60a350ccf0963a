import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  modeKey,
  RecordingStore,
  type TileMode,
} from '../../../../../renderer/state/data/recording.svelte.ts';
import { clientOf, FAILURE, refusal, settled, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const stored: TileMode = { montage: 'stored' };
interface Wish {
  rowsPerColumn: number;
  firstColumn: number;
}

/** Answers wait until the test lets them go. */
function storeOf({ holds = false } = {}) {
  const tiles: Wish[] = [];
  const parts: { from: number; to: number }[] = [];
  const waiting: (() => void)[] = [];
  const state = { broken: false };
  const client = clientOf({
    dataset: {
      async recordingTile(wish: Wish) {
        tiles.push(wish);
        if (holds) await new Promise<void>((resolve) => waiting.push(resolve));
        if (state.broken) throw refusal();
        const values = Float32Array.of(wish.rowsPerColumn, wish.firstColumn);
        return { values: Buffer.from(values.buffer).toString('base64'), channels: 1, isPlain: true };
      },
      recordingPart(wish: { from: number; to: number }) {
        parts.push(wish);
        return state.broken
          ? Promise.reject(refusal())
          : Promise.resolve({ marks: [], windows: [], from: wish.from });
      },
    },
  });
  return { store: new RecordingStore(client, 'd', 2), tiles, parts, waiting, state };
}

it('asks for a tile once, and decodes it', async () => {
  const { store, tiles } = storeOf();
  expect([store.tile(4, 3, stored), store.tile(4, 3, stored), store.known(4, 3, stored)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  await settled();
  expect(tiles).toEqual([
    { datasetId: 'd', recording: 2, rowsPerColumn: 4, firstColumn: 384, columns: 129, montage: 'stored' },
  ]);
  expect(store.tile(4, 3, stored)).toEqual({ values: Float32Array.of(4, 384), channels: 1, isPlain: true });
  expect(store.known(4, 3, stored)).toBeDefined();
  expect(store.arrived).toBe(1);
});

it('keeps tiles of other filters and montages apart', async () => {
  const filtered: TileMode = { montage: 'average', filter: { from: 1, to: 40 } } as TileMode;
  expect([modeKey(stored), modeKey(filtered)]).toEqual(['stored|', 'average|1-40']);
  const { store, tiles } = storeOf();
  store.tile(1, 0, stored);
  store.tile(1, 0, filtered);
  await settled();
  expect(tiles).toHaveLength(2);
  expect(store.known(2, 0, stored)).toBeUndefined();
});

it('has four under way at most, and those that were wanted last come first', async () => {
  const { store, tiles, waiting } = storeOf({ holds: true });
  for (let number = 0; number < 7; number++) store.tile(1, number, stored);
  await settled();
  expect(tiles.map(({ firstColumn }) => firstColumn / 128)).toEqual([0, 1, 2, 3]);
  waiting.shift()!();
  await settled();
  expect(tiles.at(-1)!.firstColumn / 128).toBe(6);
  store.end();
  for (const go of waiting.splice(0)) go();
  await settled();
  // What is not looked at any more is not asked for.
  expect(tiles).toHaveLength(5);
  expect(store.tile(1, 5, stored)).toBeUndefined();
});

it('keeps the tiles that were looked at latest', async () => {
  const { store } = storeOf();
  for (let number = 0; number < 160; number++) {
    store.tile(1, number, stored);
    await settled();
  }
  store.tile(1, 0, stored);
  store.tile(1, 160, stored);
  await settled();
  expect([store.known(1, 0, stored) !== undefined, store.known(1, 1, stored) !== undefined]).toEqual([
    true,
    false,
  ]);
});

it('asks for marks and windows by stretches', async () => {
  const { store, parts } = storeOf();
  expect(store.part(1024, 2)).toBeUndefined();
  expect(store.part(1024, 2)).toBeUndefined();
  await settled();
  expect(parts).toEqual([{ datasetId: 'd', recording: 2, from: 2048, to: 3072, limit: 3000 }]);
  expect(store.part(1024, 2)).toMatchObject({ from: 2048 });
  store.end();
  expect([store.part(1024, 2), store.part(1024, 3)]).toMatchObject([{ from: 2048 }, undefined]);
});

it('asks for what could not be had only once something else could', async () => {
  const { store, tiles, parts, state } = storeOf();
  state.broken = true;
  // Each answer has the picture drawn anew, which asks again.
  for (let turn = 0; turn < 5; turn++) {
    store.tile(1, 0, stored);
    store.part(1024, 0);
    await settled();
  }
  expect([tiles.length, parts.length, store.arrived]).toEqual([1, 1, 2]);
  expect(store.failure).toEqual(FAILURE);
  state.broken = false;
  store.tile(1, 1, stored);
  await settled();
  expect(store.failure).toBeNull();
  store.tile(1, 0, stored);
  store.part(1024, 0);
  await settled();
  expect([store.known(1, 0, stored) !== undefined, store.part(1024, 0) !== undefined]).toEqual([true, true]);
});
