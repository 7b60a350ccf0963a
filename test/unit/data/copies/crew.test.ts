import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createAnyHand, createCrew } from '../../../../src/data/copies/crew.ts';
import { CUTS } from '../../../../src/data/copies/cuts.ts';
import type { SearchJob } from '../../../../src/data/copies/hand.ts';
import { createSignatureMemory } from '../../../../src/data/copies/kernel/kernel.ts';
import { SIGNATURE_SIZE } from '../../../../src/data/copies/signature.ts';
import { folderOf } from '../../../fixtures/imports.ts';

const LENGTH = 16;

/** Waves of so many samples; the third is flat. */
async function jobOf(count: number): Promise<SearchJob> {
  const shardFile = join(await folderOf(), 'a.shard');
  const values = Float32Array.from({ length: count * LENGTH }, (_, at) =>
    Math.floor(at / LENGTH) === 2 ? 1 : Math.sin(at * (1 + Math.floor(at / LENGTH) / 7)),
  );
  await writeFile(shardFile, new Uint8Array(values.buffer));
  const source = {
    modality: 'signal' as const,
    shape: [LENGTH, 1],
    dtype: 'float32' as const,
    shardFile,
    offsets: Float64Array.from({ length: count }, (_, at) => at * LENGTH * 4),
  };
  return {
    known: source,
    asked: source,
    same: true,
    nearToo: true,
    signatures: createSignatureMemory(count, 16, count),
    present: new Uint8Array(new SharedArrayBuffer(count)),
    keys: new Float64Array(new SharedArrayBuffer(8 * count)),
    codes: new Uint16Array(new SharedArrayBuffer(2 * CUTS * count)),
  };
}
const parts = [
  { first: 0, count: 4 },
  { first: 4, count: 6 },
];
const describing = parts.map((part) => ({ kind: 'describe' as const, part }));

it('has a small search done in this thread, part by part in their order', async () => {
  const job = await jobOf(10);
  const crew = await createCrew(job, undefined);
  onTestFinished(() => crew.close());
  const answers: [number, number][] = [];
  await crew.share(describing, ({ present, sums }, { first }) => {
    expect(sums).toHaveLength(SIGNATURE_SIZE);
    answers.push([first, present]);
  });
  // A flat window has no signature.
  expect(answers).toEqual([
    [0, 3],
    [4, 6],
  ]);
  expect([...job.present]).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1, 1]);
});

it('stops between parts where that is wished', async () => {
  const stop = new AbortController();
  const crew = await createCrew(await jobOf(10), stop.signal);
  onTestFinished(() => crew.close());
  const done: number[] = [];
  const sharing = crew.share(describing, (_, { first }) => {
    done.push(first);
    stop.abort(new Error('enough'));
  });
  await expect(sharing).rejects.toThrow('enough');
  expect(done).toEqual([0]);
});

it('has a large search done by threads, which describe as one hand does', async () => {
  const [large, small] = [await jobOf(8000), await jobOf(50)];
  const crew = await createCrew(large, undefined);
  onTestFinished(() => crew.close());
  const alone = await createCrew(small, undefined);
  onTestFinished(() => alone.close());
  let present = 0;
  const requests = Array.from({ length: 4 }, (_, at) => ({
    kind: 'describe' as const,
    part: { first: at * 2000, count: 2000 },
  }));
  await crew.share(requests, (answer) => void (present += answer.present));
  await alone.share([{ kind: 'describe', part: { first: 0, count: 50 } }], () => undefined);
  expect(present).toBe(7999);
  expect([...large.keys.subarray(0, 50)]).toEqual([...small.keys]);
});

it('has every request answered by a hand for its kind of data, and takes no other', async () => {
  const hand = await createAnyHand(await jobOf(10), 0);
  onTestFinished(() => hand.close());
  const [part] = parts;
  expect(await hand.perform({ kind: 'describe', part: part! })).toMatchObject({ present: 3 });
  await expect(hand.perform({ kind: 'survey', part: part!, of: 'known' })).rejects.toThrow('“survey”');

  const { known } = await jobOf(10);
  const rows = { ...known, modality: 'table' as const, shape: [LENGTH] };
  const keys = { cells: new Uint32Array(10), exact: new Uint32Array(10) };
  const forRows = await createAnyHand({ known: rows, asked: rows, same: true, ...keys }, 0);
  onTestFinished(() => forRows.close());
  expect(await forRows.perform({ kind: 'survey', part: part!, of: 'known' })).toEqual(
    new Uint8Array(LENGTH).fill(1),
  );
  await expect(forRows.perform({ kind: 'describe', part: part! })).rejects.toThrow('“describe”');
});
