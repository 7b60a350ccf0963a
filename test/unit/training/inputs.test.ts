import { copyFile, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pretextSchema } from '../../../src/contract/recipe/recipe.ts';
import type { Places, PretextJob } from '../../../src/contract/messages/job.ts';
import { joinPlaces } from '../../../src/training/inputs.ts';
import { runPretext } from '../../../src/training/pretext/run.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';

const temporary = () => mkdtemp(join(tmpdir(), 'pretext-inputs-'));

async function jobAndPlaces(): Promise<{ job: PretextJob; places: Places }> {
  const projectFolder = await temporary();
  const { shard, ...content } = await writeStripes(projectFolder, 160);
  const job: PretextJob = {
    kind: 'pretext',
    inputShape: content.shape,
    modality: content.modality,
    encoder: { family: 'residual', options: { width: 8, stages: 2, features: 8 } },
    resumeFrom: null,
    pretext: pretextSchema.parse({ task: 'rotation', epochs: 1, batchSize: 32, probeEveryEpochs: 0 }),
    startFrom: null,
    includeHeldOut: false,
    datasets: [content],
    probeDataset: null,
  };
  const places = { runId: 'run', projectFolder, threads: 2, shards: { stripes: shard }, checkpoints: {} };
  return { job, places };
}

describe('a job and the places of a machine', () => {
  it('make the same weights, to the bit, wherever the files lie', async () => {
    const { job, places } = await jobAndPlaces();
    const elsewhere = await temporary();
    await mkdir(join(elsewhere, 'data'));
    const shards = { stripes: join(elsewhere, 'data', 'moved.bin') };
    await copyFile(places.shards['stripes']!, shards.stripes);
    const trained = async (at: Places) => {
      const record = recorder();
      expect(await runPretext(joinPlaces(job, at), record)).toBe('done');
      const last = record.checkpoints.at(-1)!;
      return { last, bytes: await readFile(join(at.projectFolder, 'checkpoints', last.file)) };
    };
    const here = await trained(places);
    const there = await trained({ ...places, projectFolder: elsewhere, shards });
    expect(here.bytes.equals(there.bytes)).toBe(true);

    // It goes on from what another machine has done.
    const { sha256, file } = here.last;
    const checkpoints = { [sha256]: join(places.projectFolder, 'checkpoints', file) };
    const joined = joinPlaces({ ...job, resumeFrom: sha256 }, { ...places, checkpoints });
    expect(joined.resumeFrom).toEqual({ sha256, file: checkpoints[sha256] });
    expect(await runPretext(joined, recorder())).toBe('done');
  });

  it('are refused where a place is missing', async () => {
    const { job, places } = await jobAndPlaces();
    expect(() => joinPlaces(job, { ...places, shards: {} })).toThrow(/dataset stripes/);
    expect(() => joinPlaces({ ...job, startFrom: 'c'.repeat(64) }, places)).toThrow(/checkpoint ccc/);
  });
});
