// `npm start`: sets up what is missing, then opens the program; without a display, runs the sample study.
import { join } from 'node:path';
import { handOver } from './setup/child.mjs';
import { cacheSubfolder, root } from './setup/paths.mjs';
import { runMain, say } from './setup/say.mjs';
import { environmentOf, hasDisplay, prepare } from './setup/setup.mjs';

const SAMPLE = join(root, 'samples', 'chest-x-rays.yaml');

await runMain(async () => {
  const display = hasDisplay();
  const prepared = await prepare({ electron: display, bundles: display });
  return display ? openWindow(prepared) : runSample(prepared);
});

function openWindow(prepared) {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (asRoot) say('running as root: the window opens without its sandbox');
  const args = [...(asRoot ? ['--no-sandbox'] : []), root, ...process.argv.slice(2)];
  return handOver(prepared.electron.executable, args, environmentOf(prepared));
}

/** The command line prints the table of results and where the project lies. */
async function runSample(prepared) {
  say('there is no display (DISPLAY and WAYLAND_DISPLAY are not set), so no window can be opened');
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const project = join(cacheSubfolder('samples'), `chest-x-rays-${stamp}.pretext`);
  say(`running the sample study ${SAMPLE} instead`);
  const cli = join(root, 'src', 'cli', 'main.ts');
  const status = await handOver(
    prepared.node,
    [cli, 'study', 'run', SAMPLE, '--project', project],
    environmentOf(prepared),
  );
  say(status === 0 ? `done; the project lies in ${project}` : `failed; what there is lies in ${project}`);
  return status;
}
