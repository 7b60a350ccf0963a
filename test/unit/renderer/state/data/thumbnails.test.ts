import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../../../src/contract/errors.ts';
import type { ProjectClient } from '../../../../../renderer/api/project.ts';
import { ThumbnailStore } from '../../../../../renderer/state/data/thumbnails.svelte.ts';

const PICTURE = { kind: 'image', width: 1, height: 1 } as never;
const GONE: Failure = { code: 'dataset.broken', message: 'The prepared samples cannot be read.' };

let drawn: (() => void)[] = [];
beforeEach(() => {
  drawn = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => drawn.push(callback));
});

/** Draws the frame, and waits for what it asked. */
async function nextFrame(): Promise<void> {
  for (const callback of drawn.splice(0)) callback();
  await new Promise((resolve) => setImmediate(resolve));
}

function storeOf(answer: (indices: number[]) => Promise<unknown>) {
  const asked: number[][] = [];
  const told: Failure[] = [];
  const client = {
    dataset: {
      thumbnails: ({ indices }: { indices: number[] }) => {
        asked.push(indices);
        return answer(indices);
      },
    },
  } as unknown as ProjectClient;
  return { asked, told, store: new ThumbnailStore(client, 'd', (failure) => told.push(failure)) };
}

describe('thumbnails', () => {
  it('are asked for once a frame, and not again while they come or once they are there', async () => {
    const { store, asked } = storeOf(async (indices) => indices.map(() => PICTURE));
    store.want([1, 2]);
    store.want([2, 3]);
    await nextFrame();
    store.want([1, 2, 3]);
    await nextFrame();
    expect(asked).toEqual([[1, 2, 3]]);
    expect([store.get(1), store.get(4)]).toEqual([PICTURE, undefined]);
  });

  it('that cannot be read are told of once until some come again, and can be asked for again', async () => {
    let broken = true;
    const { store, told } = storeOf(async (indices) => {
      if (broken) throw Object.assign(new Error('x'), { failure: GONE });
      return indices.map(() => PICTURE);
    });
    for (let turn = 0; turn < 3; turn++) {
      store.want([1]);
      await nextFrame();
    }
    expect(told).toEqual([GONE]);
    broken = false;
    store.want([1]);
    await nextFrame();
    expect(store.get(1)).toEqual(PICTURE);
    broken = true;
    store.want([2]);
    await nextFrame();
    expect(told).toEqual([GONE, GONE]);
  });
});
