import { describe, expect, it } from 'vitest';
import { addRunCommands } from '../../../../src/cli/commands/run.ts';
import { getRun, registerCheckpoint, updateRun } from '../../../../src/project/index.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';

function withRuns() {
  const project = temporaryProject();
  const studyId = addStudy(project);
  const [first, second] = [
    addRun(project, studyId),
    addRun(project, studyId, { title: 'byol', task: 'byol' }),
  ];
  return { project, first, second, ...commandLine(project.folder, addRunCommands) };
}

it('lists runs with how far they are', async () => {
  const { run, project, first } = withRuns();
  const progress = {
    step: 5,
    steps: 8,
    epoch: 0,
    epochs: 1,
    loss: 1,
    learningRate: 0.1,
    samplesPerSecond: 1,
    secondsLeft: 1,
    phase: 'Training',
  };
  updateRun(project, first.id, { progress, seconds: 75 });
  const lines = (await run('runs')).printed.split('\n');
  expect(lines.find((line) => line.includes(first.name))).toMatch(
    /simclr-1 +queued +62 % +small +1 min 15 s/,
  );
  expect((await commandLine(temporaryProject().folder, addRunCommands).run('runs')).printed).toBe(
    'No runs yet: pretext study run RECIPE.yaml\n',
  );
});

it('shows a run with its checkpoints and settings, and what went wrong', async () => {
  const { run, project, first } = withRuns();
  registerCheckpoint(project, first.id, {
    kind: 'best',
    file: 'a.safetensors',
    sha256: 'a'.repeat(64),
    bytes: 2048,
    step: 3,
    epoch: 1,
    score: 0.81234,
    scoreOf: 'knn',
  });
  const failure = { code: 'training.diverged', message: 'The loss is no number any more.' };
  updateRun(project, first.id, { status: 'failed', failure });
  const { printed } = await run('run', 'show', first.name);
  expect(printed).toContain(`${first.name} (${first.id}): failed\nData: small\n`);
  expect(printed).toContain('The loss is no number any more.');
  expect(printed).toContain('Checkpoint best: step 3 (knn 0.8123), 2.0 kB, a.safetensors');
  expect(printed).toContain('"task": "simclr"');
  await expect(run('run', 'show', 'none')).rejects.toThrow('There is no run “none” in this project.');
});

describe('pause and cancel', () => {
  it('change one run, or all that wait', async () => {
    const { run, project, first, second } = withRuns();
    expect((await run('run', 'pause', first.name)).printed).toBe(`${first.name}: paused\n`);
    expect((await run('run', 'pause', '--all')).printed).toBe(`Paused: ${first.name}, ${second.name}\n`);
    expect((await run('run', 'cancel', second.id)).printed).toBe(`${second.name}: cancelled\n`);
    expect(getRun(project, second.id).run.status).toBe('cancelled');
    expect(JSON.parse((await run('run', 'pause', first.id, '--json')).printed)).toMatchObject({
      id: first.id,
    });
  });

  it('ask which run is meant', async () => {
    const { run, first } = withRuns();
    for (const argv of [['pause'], ['pause', first.name, '--all'], ['resume']])
      await expect(run('run', ...argv)).rejects.toThrow('Give the id or the name of a run, or --all.');
  });
});
