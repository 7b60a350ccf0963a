/** What goes wrong with jobs on other machines is told in the window, with its place and what to do. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleFile, journalFile, resultFolder, statusFile } from '../../src/bundle/files.ts';
import { openJournal } from '../../src/bundle/journal.ts';
import { writeStatus } from '../../src/bundle/status.ts';
import { recipeSchema } from '../../src/contract/recipe/recipe.ts';
import { createNodeHost } from '../../src/host/node.ts';
import { PROGRAM_VERSION } from '../../src/host/version.ts';
import { startJob } from '../../src/worker/run-job.ts';
import { inProject } from '../fixtures/finished-project.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, untilStudy } from '../fixtures/studies.ts';
import { audit } from './audit.ts';
import { goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

const run = async (bundle: string, job: number) =>
  (await startJob(bundle, job, { host: createNodeHost(), program: PROGRAM_VERSION })).ended;

test('tells what is wrong with jobs that other machines compute', async () => {
  const folder = temporaryFolder();
  const images = join(folder, 'small');
  await writeSmallImages(images);
  const project = join(folder, 'waves.pretext');
  const [bundle, other] = [join(folder, 'cells-jobs'), join(folder, 'other-jobs')];
  let baseline = 0;
  await inProject(
    project,
    async (client) => {
      for (const [name, to] of [
        ['Others', other],
        ['Cells', bundle],
      ] as const) {
        const { data, ...small } = smallRecipe(images);
        const recipe = recipeSchema.parse({
          ...small,
          name,
          data: name === 'Others' ? data : { ...data, import: {} },
          device: { on: 'slurm', threads: 1 },
        });
        const { id } = await client.study.start({ recipe });
        await untilStudy(client, id, 'paused');
        const { names } = await client.away.pack({ studyId: id, folder: to, minutes: 5 });
        baseline = names.findIndex((one) => one.startsWith('baseline')) + 1;
      }
    },
    { createName: 'Waves' },
  );
  // Samples of the bundle are others than when it was packed.
  const shard = join(bundle, 'shards', readdirSync(join(bundle, 'shards'))[0]!);
  renameSync(shard, `${shard}.mine`);
  copyFileSync(`${shard}.mine`, shard);
  appendFileSync(shard, 'x');
  await run(bundle, 1);
  // The worker is of another version.
  const described = readFileSync(bundleFile(bundle), 'utf8');
  writeFileSync(
    bundleFile(bundle),
    described.replace(`"program": "${PROGRAM_VERSION}"`, '"program": "0.0.9"'),
  );
  await expect(run(bundle, 2)).rejects.toThrow(/version 0\.0\.9/);
  writeFileSync(bundleFile(bundle), described);
  // Results that were copied in from another study's bundle.
  mkdirSync(resultFolder(bundle, baseline), { recursive: true });
  const journal = openJournal(journalFile(bundle, baseline));
  journal.add({ type: 'begin', at: '', host: 'lab1', plan: 'another', resumeStep: -1, startsFrom: null });
  journal.close();
  // What a worker leaves whose disk filled up, or that was killed: it says that it runs, and nobody is there.
  mkdirSync(resultFolder(bundle, 4), { recursive: true });
  const status = { state: 'running', at: new Date().toISOString(), host: 'lab2', attempts: 1 } as const;
  writeStatus(statusFile(bundle, 4), status);

  const program = await startProgram();
  const { page, application, errors } = program;
  await openProject(program, project);
  await goTo(page, 'Compare');
  const there = page.getByRole('region', { name: 'On other machines' });
  await there.getByText('5 jobs: 2 waiting, 1 lost, 2 failed').waitFor();
  for (const told of [
    /simclr-\d+:[^]*The samples in this file are not those[^]*shard[^]*Copy the bundle again/,
    /This bundle was made by version 0\.0\.9 of the program[^]*Install version 0\.0\.9/,
    /holds the results of another job, not of baseline-[^]*Put it back where it came from/,
    /on lab2, begun at .* gives no sign of life[^]*make room if the disk is full/,
  ])
    await there.getByText(told).waitFor();
  const found = await audit(program, 'elsewhere-troubles');

  // The folder was moved: told, and found again where it is; another study's is not taken for it.
  const moved = join(folder, 'moved-jobs');
  renameSync(bundle, moved);
  await there
    .getByText('There is no such file: this is no bundle of jobs, or not the whole of one.')
    .waitFor();
  const choose = async (path: string) => {
    await application.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [chosen] })) as never;
    }, path);
    await there.getByRole('button', { name: 'It was moved…' }).click();
  };
  await program.screenshot('elsewhere-moved');
  await choose(other);
  await there.getByText(/This folder holds other jobs, of the study “Others”/).waitFor();
  await program.screenshot('elsewhere-another-study');
  await choose(moved);
  await there.getByText(/5 jobs: /).waitFor();
  await there.getByText(/1 lost/).waitFor();
  await program.screenshot('elsewhere-found-again');
  rmSync(moved, { recursive: true });
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
});
