/**
 * A study of very many runs, packed for other machines, computed by a stand-in that only writes results, and brought
 * back: seconds and memory of each part.
 *
 * Run: node test/bench/cases/many-jobs.ts FOLDER JOBS
 */
import { createHash } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectService } from '../../../src/client/service.ts';
import { jobFile, journalFile, readChecked, resultFolder, statusFile } from '../../../src/bundle/files.ts';
import { openJournal, type Journal } from '../../../src/bundle/journal.ts';
import { writeStatus } from '../../../src/bundle/status.ts';
import { packedJobSchema } from '../../../src/contract/elsewhere/bundle.ts';
import type { FromTrainer } from '../../../src/contract/messages/trainer.ts';
import { recipeSchema } from '../../../src/contract/recipe/recipe.ts';
import { createNodeHost } from '../../../src/host/node.ts';
import {
  closeProject,
  getStudy,
  inTransaction,
  insertRuns,
  listRunsOf,
  openProject,
  type WritableProject,
} from '../../../src/project/index.ts';
import { createMerging } from '../../../src/service/elsewhere/merge.ts';
import { packStudy } from '../../../src/service/elsewhere/pack.ts';
import { planRuns } from '../../../src/service/recipes/plan.ts';
import { createEvents } from '../../../src/service/workplace/events.ts';
import { createGuard } from '../../../src/service/workplace/guard.ts';
import { openLog } from '../../../src/service/workplace/log.ts';
import type { Workplace } from '../../../src/service/workplace/workplace.ts';
import { writeSmallImages } from '../../fixtures/small-images.ts';
import { smallRecipe, untilStudy } from '../../fixtures/studies.ts';
import { peakMiB } from '../peak.ts';

const folder = process.argv[2]!;
const jobs = Number(process.argv[3] ?? 1000);
const bundle = join(folder, `bundle-${jobs}`);

const { project, studyId } = await studyOf(jobs);
const events = createEvents();
const log = openLog(project.folder);
const workplace: Workplace = {
  project,
  host: createNodeHost(),
  events,
  log,
  guard: createGuard(project, events, log),
};
const questions = { ask: () => Promise.reject(new Error('memory is not asked for here')) };
const merging = createMerging(workplace);

const pack = await timed(() => packStudy(workplace, questions, { studyId, folder: bundle }));
const run = await timed(standIn);
const merge = await timed(() => merging.merge(bundle));
const again = await timed(() => merging.merge(bundle));
const { study } = getStudy(project, studyId);
if (study.status !== 'done') throw new Error(`the study is ${study.status} after all was merged`);
console.log(JSON.stringify({ pack, run, merge, again }));
events.close();
closeProject(project);

async function timed(work: () => unknown): Promise<{ seconds: number; peakMiB: number }> {
  const start = performance.now();
  await work();
  return {
    seconds: (performance.now() - start) / 1000,
    // Of the process so far: parts come one after the other.
    peakMiB: peakMiB(),
  };
}

/** A real import of a few images and its study; then baselines at budgets of every size, until there are enough runs. */
async function studyOf(count: number): Promise<{ project: WritableProject; studyId: string }> {
  const images = join(folder, 'images');
  await writeSmallImages(images);
  const place = join(folder, `many-${count}.pretext`);
  const service = await connectService(createNodeHost(), { folder: place, createName: 'Many' });
  const recipe = recipeSchema.parse({ ...smallRecipe(images), device: { on: 'slurm', threads: 1 } });
  const started = await service.client.study.start({ recipe });
  await untilStudy(service.client, started.id, 'paused');
  await service.close();
  const opened = openProject(place);
  const baseline = planRuns(getStudy(opened, started.id).study.recipe).find(({ arm }) => arm === 'baseline')!;
  const more = Array.from({ length: count - listRunsOf(opened, started.id).length }, (_, at) => {
    const budget = { perClass: at + 10 };
    return { ...baseline, budget, config: { ...baseline.config, budget } };
  });
  inTransaction(opened, () => insertRuns(opened, started.id, more));
  return { project: opened, studyId: started.id };
}

/** Writes what a worker would: a checkpoint for pretraining, a row for each seed of fine-tuning. */
function standIn(): void {
  let startsFrom: string | null = null;
  for (let index = 1; index <= jobs; index++) {
    const packed = readChecked(jobFile(bundle, index), packedJobSchema);
    const results = resultFolder(bundle, index);
    mkdirSync(join(results, 'checkpoints'), { recursive: true });
    const journal = openJournal(journalFile(bundle, index));
    const begins = packed.startsFrom ? startsFrom : null;
    journal.add({
      type: 'begin',
      at: new Date().toISOString(),
      host: 'stand-in',
      resumeStep: -1,
      startsFrom: begins,
    });
    if ((packed.job as { kind: string }).kind === 'pretext') startsFrom = pretrain(journal, results);
    else finetune(journal, packed.job as { arm: 'baseline' | 'pretrained'; finetune: { seeds: number } });
    journal.add({ type: 'end', at: new Date().toISOString(), seconds: 1, ending: 'done' });
    journal.close();
    writeStatus(statusFile(bundle, index), {
      state: 'done',
      at: new Date().toISOString(),
      host: 'stand-in',
      attempts: 1,
    });
  }
}

function pretrain(journal: Journal, results: string): string {
  const file = 'weights.safetensors';
  const bytes = Buffer.from('the weights of a stand-in');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(results, 'checkpoints', file), bytes);
  said(journal, {
    type: 'checkpoint',
    checkpoint: {
      kind: 'last',
      step: 1,
      epoch: 1,
      file,
      bytes: statSync(join(results, 'checkpoints', file)).size,
      sha256,
      score: null,
    },
  });
  return sha256;
}

function finetune(
  journal: Journal,
  job: { arm: 'baseline' | 'pretrained'; finetune: { seeds: number } },
): void {
  for (let seed = 1; seed <= job.finetune.seeds; seed++)
    said(journal, {
      type: 'result',
      row: {
        arm: job.arm,
        dataset: 'small',
        labels: 10,
        labelsPerClass: 5,
        seed,
        metric: 'accuracy',
        test: 0.5 + seed / 100,
        validation: 0.5,
        train: 0.6,
      },
    });
}

function said(journal: Journal, message: FromTrainer): void {
  journal.add({ type: 'said', seconds: 1, message });
}
