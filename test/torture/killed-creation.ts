/**
 * `node test/torture/killed-creation.ts [count]`: kills the program at random while it makes a project. Every folder
 * must afterwards open, or take a new project: exit status 1 where one does neither.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeProject, createProject, isProject, openProject } from '../../src/project/index.ts';

const count = Number(process.argv[2] ?? 40);
const folder = mkdtempSync(join(tmpdir(), 'pretext-killed-'));
const creation = fileURLToPath(new URL('../../src/project/index.ts', import.meta.url));
const made = { whole: 0, anew: 0, bad: 0 };

/** Makes a project in a process of its own, and kills it so long after it has said that it begins. */
function killedCreation(project: string, afterMs: number): Promise<void> {
  const code = `
    import { createProject } from ${JSON.stringify(creation)};
    process.stdout.write('begin');
    createProject(${JSON.stringify(project)}, 'A', '0');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
  return new Promise((resolve) => child.once('close', () => resolve()));
}

try {
  for (let turn = 0; turn < count; turn++) {
    const project = join(folder, `${turn}.pretext`);
    await killedCreation(project, (turn * 37) % 600);
    const whole = isProject(project);
    try {
      closeProject(whole ? openProject(project) : createProject(project, 'A', '0'));
      made[whole ? 'whole' : 'anew'] += 1;
    } catch (error) {
      made.bad += 1;
      console.log(`${project}: ${String(error)} (${readdirSync(project).join(', ')})`);
    }
  }
  console.log(`${count} kills: ${made.whole} whole, ${made.anew} made anew, ${made.bad} neither`);
  process.exitCode = made.bad > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
