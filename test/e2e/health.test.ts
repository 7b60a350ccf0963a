import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding, MetricPoint } from '../../src/contract/entities.ts';
import { recipeSchema } from '../../src/contract/recipe/recipe.ts';
import {
  closeProject,
  createProject,
  insertMetrics,
  insertRun,
  insertStudy,
  saveFinding,
  updateRun,
} from '../../src/project/index.ts';
import { audit } from './audit.ts';
import { startProgram, temporaryFolder } from './program.ts';
import { pretextConfig } from '../fixtures/run-configs.ts';

/** Forty epochs of ten steps, with a look at every epoch: what SimSiam showed on stripes. */
function curve(collapsed: boolean): MetricPoint[] {
  return Array.from({ length: 40 }, (_, i) => {
    const epoch = (i + 1) / 4;
    const falling = Math.exp(-epoch / 3);
    const loss = collapsed ? -0.9 * (1 - falling) : -0.7 * (1 - falling);
    const look = {
      embeddingDeviation: collapsed ? 0.03 * falling + 0.0002 : 0.022 + 0.02 * (1 - falling),
      effectiveRank: collapsed ? 26 * falling + 1 : 24 + 10 * (1 - falling),
      alignment: 0.5 - 0.1 * (1 - falling),
      uniformity: -0.4 - 0.9 * (1 - falling),
      validationLoss: loss - 0.02,
    };
    return {
      step: 10 * (i + 1),
      epoch,
      values: {
        loss: loss + 0.05 * Math.sin(7 * i),
        learningRate: 0.002 * Math.cos((Math.PI * i) / 80),
        outputDeviation: collapsed ? falling : 0.95,
        outputRank: collapsed ? 37 * falling ** 3 : 8 + 29 * falling,
        ...(epoch % 1 === 0 && look),
      },
    };
  });
}

const finding: Finding = {
  kind: 'complete-collapse',
  step: 280,
  epoch: 7,
  message:
    'The encoder gives all samples nearly the same features: their deviation is 0.00086, against 0.022 at best in this run and 0.088 if all directions were used alike.',
  advice: 'Start again with a learning rate three to ten times lower, or a larger batch.',
  overAtStep: null,
};

/** A project with a healthy run and a collapsed one, both done. */
function makeProject(folder: string): void {
  const project = createProject(folder, 'Health', '0.0.0');
  const recipe = recipeSchema.parse({
    name: 'With and without stop-gradient',
    data: { pretrain: ['stripes'] },
    pretext: { task: 'simsiam' },
  });
  const studyId = insertStudy(project, { recipe, recipeHash: 'h', baseFolder: null, status: 'done' });
  for (const collapsed of [false, true]) {
    const { id } = insertRun(project, {
      studyId,
      kind: 'pretext',
      title: 'simsiam',
      status: 'done',
      task: 'simsiam',
      arm: null,
      budget: null,
      datasets: ['stripes'],
      checkpointId: null,
      config: pretextConfig({ data: recipe.data, pretext: recipe.pretext! }),
      needs: [],
    });
    insertMetrics(project, id, curve(collapsed));
    updateRun(project, id, {
      environment: { encoderFeatures: 128, healthSamples: 256, healthSamplesUnseen: true },
      seconds: 70,
    });
    if (collapsed) saveFinding(project, id, finding);
  }
  closeProject(project);
}

test('the page of a run shows its health: curves with the ideal line, a collapse with advice', async () => {
  const folder = join(temporaryFolder(), 'health.pretext');
  makeProject(folder);
  const program = await startProgram();
  const { application, page, errors } = program;
  await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 1400),
  );
  // Known projects are listed on the start page.
  await page.evaluate((directory) => window.pretext.openProject({ directory }), folder);
  await page.reload();
  await page.getByRole('button', { name: /^Health/ }).click();
  const openRun = async (name: string) => {
    await page.getByRole('navigation', { name: 'Project' }).getByRole('button', { name: 'Runs' }).click();
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('heading', { name: 'Embedding deviation' }).waitFor();
  };

  await openRun('simsiam-1');
  const health = page.locator('section', { has: page.getByRole('heading', { name: 'Health' }) });
  expect(await health.getByText('1/√d = 0.0884').count()).toBe(1);
  expect(await health.innerText()).toContain(
    'No collapse, no divergence. Looked at on 256 samples that pretraining never sees',
  );
  expect(await page.getByRole('status').count()).toBe(0);
  const found = await audit(program, 'run-healthy');

  await openRun('simsiam-2');
  const note = page.getByRole('status').filter({ hasText: 'Complete collapse since epoch 7' });
  await note.waitFor();
  expect(await note.innerText()).toContain('learning rate three to ten times lower');
  expect(await health.innerText()).not.toContain('No collapse');
  found.push(...(await audit(program, 'run-collapsed')));

  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 180_000);
