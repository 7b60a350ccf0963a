import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IN_TEXT, toText } from '../../../src/bundle/arrays.ts';
import { journalFile, readBundle, resultFolder } from '../../../src/bundle/files.ts';
import { describeShard, idOfCheckpoint, placeJob, readPackedJob } from '../../../src/bundle/job.ts';
import type { JournalEntry } from '../../../src/contract/elsewhere/journal.ts';
import type { CheckpointNote } from '../../../src/contract/messages/trainer.ts';
import { bundleOfTwo, checkpointNote, finetuneJob, hashOf } from '../../fixtures/bundles.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

const packed = (bundle: string, index: number) => readPackedJob(bundle, readBundle(bundle), index);
const place = (bundle: string, index: number) => placeJob(bundle, packed(bundle, index), 3);

function writeJournal(bundle: string, index: number, ...entries: JournalEntry[]): void {
  mkdirSync(resultFolder(bundle, index), { recursive: true });
  for (const entry of entries) appendFileSync(journalFile(bundle, index), `${toText(entry, IN_TEXT)}\n`);
}
const wrote = (checkpoint: CheckpointNote): JournalEntry => ({
  type: 'said',
  seconds: 1,
  message: { type: 'checkpoint', checkpoint },
});
const done: JournalEntry = { type: 'end', at: '', seconds: 2, ending: 'done' };
const failsWith = (code: string, message: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code, message }) as unknown }) as unknown;
const thrownBy = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('a packed job', () => {
  it('comes with its arrays', () => {
    const { job, name } = packed(bundleOfTwo(), 1);
    expect(name).toBe('simclr-1');
    expect(job).toMatchObject({
      datasets: [{ offsets: Float64Array.of(0, 4), splits: Uint8Array.of(0, 2) }],
    });
  });

  it.each([0, 3, 1.5])('is none of number %d of two', (index) => {
    const bundle = bundleOfTwo();
    expect(thrownBy(() => packed(bundle, index))).toEqual(
      failsWith('job.missing', `There is no job ${index}: this bundle holds the jobs 1 to 2.`),
    );
  });
});

describe('a job in its place', () => {
  it('has its samples in the bundle, its files in its own folder, and begins anew', () => {
    const bundle = bundleOfTwo();
    const { job, places, position, startsFrom } = place(bundle, 1);
    expect(places).toEqual({
      runId: 'aa',
      projectFolder: resultFolder(bundle, 1),
      threads: 3,
      shards: { stripes: join(bundle, 'shards', 'stripes.shard') },
      checkpoints: {},
    });
    expect(job).toMatchObject({ kind: 'pretext', resumeFrom: null, startFrom: null });
    expect([position.attempts, startsFrom]).toEqual([0, null]);
  });

  it('goes on from its own last checkpoint, and then no longer from that of another run', () => {
    const bundle = bundleOfTwo();
    writeJournal(bundle, 1, wrote(checkpointNote('last', 5, 'a')));
    const { job, places } = place(bundle, 1);
    expect(job).toMatchObject({ resumeFrom: hashOf('a'), startFrom: null });
    expect(places.checkpoints).toEqual({
      [hashOf('a')]: join(resultFolder(bundle, 1), 'checkpoints', 'last-5'),
    });
  });

  it('waits for the job whose weights it begins with', () => {
    const bundle = bundleOfTwo();
    writeJournal(bundle, 1, wrote(checkpointNote('best', 5, 'a')));
    expect(thrownBy(() => place(bundle, 2))).toEqual(
      failsWith('job.needs', 'This job begins with the weights that job 1 makes, which is not done.'),
    );
  });

  it('begins with the kind of checkpoint that is wanted first, where there is one', () => {
    const bundle = bundleOfTwo();
    writeJournal(bundle, 1, wrote(checkpointNote('last', 5, 'a')), done);
    expect(place(bundle, 2)).toMatchObject({ job: { checkpoint: hashOf('a') }, startsFrom: hashOf('a') });
    writeJournal(bundle, 1, wrote(checkpointNote('best', 3, 'b')));
    const { job, places } = place(bundle, 2);
    expect(job).toMatchObject({ checkpoint: hashOf('b') });
    expect(places.checkpoints[hashOf('b')]).toBe(join(resultFolder(bundle, 1), 'checkpoints', 'best-3'));
  });

  it('trains no seed again that it has finished, packed or here, and remembers the best score', () => {
    const bundle = bundleOfTwo({
      finetune: { startsFrom: null, job: { ...finetuneJob, finishedSeeds: [1], bestFinished: 0.4 } },
    });
    const row = {
      arm: 'pretrained',
      dataset: 'stripes',
      labels: 1,
      labelsPerClass: null,
      metric: 'accuracy',
    };
    const scores = { test: 1, validation: 1, train: 1 };
    writeJournal(bundle, 2, {
      type: 'said',
      seconds: 1,
      message: { type: 'result', row: { ...row, ...scores, seed: 2 } as never },
    });
    expect(place(bundle, 2).job).toMatchObject({ finishedSeeds: [1, 2], bestFinished: 0.4 });
    writeJournal(bundle, 2, wrote(checkpointNote('best', 9, 'c', 0.6)));
    expect(place(bundle, 2).job).toMatchObject({ bestFinished: 0.6 });
  });

  it('is refused where its samples are gone or others', () => {
    const bundle = bundleOfTwo();
    const shard = join(bundle, 'shards', 'stripes.shard');
    writeFileSync(shard, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9));
    expect(thrownBy(() => place(bundle, 1))).toEqual(
      failsWith('bundle.changed', 'The samples in this file are not those that the bundle was made with.'),
    );
    rmSync(shard);
    expect(thrownBy(() => place(bundle, 1))).toEqual(
      failsWith('bundle.changed', 'The file with the samples is not in the bundle.'),
    );
  });

  it('may come from a version whose recipes had fields more', () => {
    const bundle = bundleOfTwo({
      finetune: { startsFrom: null, job: { ...finetuneJob, finetune: { gone: 1 } } },
    });
    expect(place(bundle, 2).job).not.toHaveProperty('finetune.gone');
  });
});

it('tells shards by their last mebibyte and their length', () => {
  const file = join(temporaryFolder(), 'a');
  // SHA-256 of "abc" (FIPS 180-2, appendix B.1), of nothing, and of a mebibyte of zeros (sha256sum).
  writeFileSync(file, 'abc');
  expect(describeShard(file)).toEqual({
    bytes: 3,
    end: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
  writeFileSync(file, '');
  expect(describeShard(file)).toEqual({
    bytes: 0,
    end: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  });
  writeFileSync(file, Buffer.concat([Buffer.from('not read'), Buffer.alloc(2 ** 20)]));
  expect(describeShard(file)).toEqual({
    bytes: 2 ** 20 + 8,
    end: '30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58',
  });
});

it('calls checkpoints from elsewhere by ten letters', () => {
  expect(idOfCheckpoint(hashOf('a'))).toBe('aaaaaaaaaa');
});
