/** A study that waits is handed to a queueing system from the window, and its results come back by themselves. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipeSchema } from '../../src/contract/recipe/recipe.ts';
import { inProject } from '../fixtures/finished-project.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, untilStudy } from '../fixtures/studies.ts';
import { audit } from './audit.ts';
import { goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

const LONG = { timeout: 180_000 };

/** A cluster of one computer: takes what Slurm's commands take, and runs one task after the other. */
function standInCluster(folder: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const sbatch = `#!/bin/sh
for word in "$@"; do
  case $word in
    --array=*) list=\${word#--array=} ;;
    --dependency=afterany:*) after=\${word#--dependency=afterany:} ;;
  esac
  task=$word
done
id=$$
(
  for before in $(echo "\${after:-}" | tr : ' '); do
    while [ ! -f "${folder}/ended-$before" ]; do sleep 0.2; done
  done
  for part in $(echo "\${list%%%*}" | tr , ' '); do
    for index in $(seq "\${part%-*}" "\${part#*-}"); do
      SLURM_ARRAY_JOB_ID=$id SLURM_ARRAY_TASK_ID=$index sh "$task"
    done
  done
  touch "${folder}/ended-$id"
) >"${folder}/tasks-$id" 2>&1 &
echo $id
`;
  const others = '#!/bin/sh\nexit 0\n';
  for (const [name, text] of [
    ['sbatch', sbatch],
    ['squeue', '#!/bin/sh\necho 41_1\n'],
    ['sacct', '#!/bin/sh\necho "41_1|RUNNING|0:0|node1|00:01"\n'],
    ['scancel', others],
  ] as const)
    writeFileSync(join(programs, name), text, { mode: 0o755 });
  return `${programs}:${process.env['PATH']}`;
}

test.runIf(process.platform === 'linux')(
  'computes a study on a cluster, and shows it come back',
  async () => {
    const folder = temporaryFolder();
    const images = join(folder, 'small');
    await writeSmallImages(images);
    const project = join(folder, 'waves.pretext');
    await inProject(
      project,
      async (client) => {
        const recipe = recipeSchema.parse({
          ...smallRecipe(images),
          name: 'Cells',
          device: { on: 'slurm', threads: 1 },
        });
        const { id } = await client.study.start({ recipe });
        await untilStudy(client, id, 'paused');
      },
      { createName: 'Waves' },
    );
    const program = await startProgram({
      environment: { PATH: standInCluster(folder), PRETEXT_CONFIG: join(folder, 'settings') },
    });
    const { page, errors } = program;
    await openProject(program, project);
    await goTo(page, 'Compare');
    await page.getByRole('button', { name: 'More about Cells' }).click();
    await page.getByRole('menuitem', { name: 'Compute elsewhere…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compute elsewhere' });
    await dialog.getByText('5 runs will be packed').waitFor();
    await dialog.getByText('Computers by ssh (GNU parallel)').click();
    await dialog.getByLabel('Computers', { exact: true }).waitFor();
    await dialog.getByText('Slurm', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Pack and submit' }).click();
    await dialog.getByText(/^Measuring how long kinds of runs take: 0 of 2/).waitFor();
    await program.screenshot('elsewhere-packing');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await dialog.getByText('5 runs will be packed').waitFor();
    await dialog.getByLabel('Partition', { exact: true }).fill('c pu');
    await dialog.getByRole('button', { name: 'Pack and submit' }).click();
    await dialog
      .getByText('Partition must be letters, digits and . _ : @ / + - only. Found: "c pu".')
      .waitFor();
    await dialog.getByLabel('Partition', { exact: true }).fill('cpu');
    const found = await audit(program, 'elsewhere-dialog');
    await dialog.getByRole('button', { name: 'Pack and submit' }).click();
    await dialog.waitFor({ state: 'detached', ...LONG });
    const there = page.getByRole('region', { name: 'On other machines' });
    await there.getByText(/^5 jobs: /).waitFor(LONG);
    await there.getByText('How long jobs may take').click();
    // Which run takes longest in a stage depends on what else this machine does.
    await there
      .getByText(/Time limit of jobs? 1\b.* min: .*Measured on the first steps of (simclr|baseline)-\d/)
      .waitFor();
    await there.getByRole('button', { name: 'What the queueing system says' }).click();
    await there.getByText('41_1|RUNNING').waitFor(LONG);
    await there.getByText(/[1-4] back/).waitFor(LONG);
    found.push(...(await audit(program, 'elsewhere-jobs')));
    // All came back: the answer stands there, and nothing is elsewhere any more.
    await there.waitFor({ state: 'detached', ...LONG });
    await page
      .getByText(/pretrained/i)
      .first()
      .waitFor();
    await program.screenshot('elsewhere-back');
    expect(found).toEqual([]);
    expect(errors).toEqual([]);
  },
);
