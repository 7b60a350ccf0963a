/** A window killed in the middle of pretraining: the next one finds the project and ends the study all the same. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { studySchema } from '../../src/contract/entities.ts';
import { studyResultSchema, type StudyResult } from '../../src/contract/results/result.ts';
import { until } from '../fixtures/studies.ts';
import { beginPretext, lastStep, weightsOf, writeSurvivalStudy } from '../fixtures/survival.ts';
import { startProgram, temporaryFolder } from './program.ts';

/** Services of a project that are alive, whoever started them. */
const servicesOf = (project: string): boolean =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`--project ${project}`);

test('a study goes on after the window was killed, and ends bit for bit as an undisturbed one', async () => {
  const folder = temporaryFolder();
  const [calm, disturbed] = [join(folder, 'calm'), join(folder, 'disturbed')];
  await writeSurvivalStudy(folder);
  const run = (project: string) =>
    beginPretext(folder, ['study', 'run', 'survival.yaml', '--project', project, '--json']);
  const expected = studyResultSchema.parse(JSON.parse((await run(calm).ended).stdout));

  // Begun by the command line, which is killed at once, so that the windows below do all the rest.
  const begun = run(disturbed);
  await until('training began', async () => (await lastStep(disturbed)) >= 5);
  begun.child.kill('SIGKILL');
  await begun.ended;
  await until('its service ended', () => !servicesOf(disturbed));

  const open = async () => {
    const program = await startProgram();
    const opened = await program.page.evaluate(
      (directory) => window.pretext.openProject({ directory }),
      disturbed,
    );
    expect(opened).toMatchObject({ opened: true });
    return program;
  };
  const first = await open();
  await until('the window trains', async () => (await lastStep(disturbed)) >= 60);
  first.application.process().kill('SIGKILL');
  await until('its service ended', () => !servicesOf(disturbed));

  await open();
  await until('the study is done', async () => (await studyIn(folder, disturbed)).status === 'done', 240_000);
  const found = await resultIn(folder, disturbed);
  expect(found.results).toEqual(expected.results);
  expect(await weightsOf(disturbed)).toEqual(await weightsOf(calm));
});

async function studyIn(folder: string, project: string) {
  const { stdout } = await beginPretext(folder, ['study', 'list', '--project', project, '--json']).ended;
  return z.object({ studies: z.array(studySchema) }).parse(JSON.parse(stdout)).studies[0]!;
}

async function resultIn(folder: string, project: string): Promise<StudyResult> {
  const { id } = await studyIn(folder, project);
  const { stdout } = await beginPretext(folder, ['study', 'result', id, '--project', project, '--json'])
    .ended;
  return studyResultSchema.parse(JSON.parse(stdout));
}
