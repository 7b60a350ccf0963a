// The Debian package: installed, used, upgraded with a project in use, removed.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openLayer } from '../clean-root.mjs';
import { walk } from './rows.mjs';
import { readDoctor, readResult, tinyRecipe } from './study.mjs';
import { openWindow, picture, startFromMenu, startSample } from './window.mjs';

const PROGRAM = '/opt/Pretext Studio/pretext-studio';
const ENTRY = '/usr/share/applications/pretext-studio.desktop';
const SAMPLES = '/opt/Pretext Studio/resources/samples';
/** Written by dpkg, apt and the caches of the desktop, whatever is installed. */
const BOOKKEEPING =
  /^\/(var\/|proc|sys|dev|run|tmp|home|root|\.outside|etc\/(ld\.so\.cache|resolv\.conf|mailcap|.*-$)|usr\/share\/(mime|applications\/mimeinfo\.cache|info)|etc\/alternatives$|usr\/bin$|etc\/apparmor)/;

/**
 * @param {{ base: string, deb: string }} options
 */
export async function walkDeb({ base, deb }) {
  const layer = openLayer(base);
  const project = '/home/person/Documents';
  let before = [];
  let open;
  const steps = [
    [
      'nothing to build with is on the machine',
      () => {
        const { stdout } = layer.shell(
          'for name in gcc g++ cc node python3 pretext; do command -v $name; done; true',
        );
        if (stdout.trim()) throw new Error(`found: ${stdout}`);
        before = systemFiles(layer);
        return 'no compiler, no Node, no Python';
      },
    ],
    ['install the version before (apt resolves)', () => install(layer, olderDeb(deb, layer.folder))],
    ['every library is found', () => everyLibraryIsFound(layer)],
    ['start from the menu entry', () => startFromMenu(layer, ENTRY)],
    ['pretext doctor', () => readDoctor(layer.shell('pretext doctor --json', { mayFail: true }).stdout)],
    [
      'pretext study run',
      () => {
        writeFileSync(join(layer.root, 'home/person/tiny.yaml'), tinyRecipe(SAMPLES));
        return readResult(
          layer.shell('cd && pretext study run tiny.yaml --project tiny.pretext --json').stdout,
        );
      },
    ],
    [
      'start the sample study in the window',
      async () => {
        open = await openWindow(layer, PROGRAM);
        const loss = await startSample(open.page);
        await picture(open.page, 'installed-training');
        return loss;
      },
    ],
    ['upgrade while it trains', () => install(layer, deb)],
    [
      'the open program goes on, and ends',
      async () => {
        const loss = await open.page
          .getByText(/^loss \d/)
          .first()
          .innerText();
        await open.application.close();
        open = null;
        return loss;
      },
    ],
    [
      'the new version opens the project, and the run goes on',
      async () => {
        open = await openWindow(layer, PROGRAM);
        await open.page
          .getByRole('button', { name: /Chest X-rays/ })
          .first()
          .click();
        await open.page
          .getByText(/(Resume|Continue|Go on|paused|interrupted|loss \d)/i)
          .first()
          .waitFor({ timeout: 120_000 });
        await picture(open.page, 'installed-upgraded');
        await open.application.close();
        open = null;
        const again = layer.shell('cd && pretext study run tiny.yaml --project tiny.pretext --json');
        return `and on the command line: ${readResult(again.stdout)}`;
      },
    ],
    ['remove', () => remove(layer, project, before)],
  ];
  try {
    return await walk('deb', steps);
  } finally {
    await open?.application.close().catch(() => {});
    layer.close();
  }
}

function install(layer, deb) {
  const inside = `/var/tmp/${basename(deb)}`;
  copyFileSync(deb, join(layer.root, inside));
  try {
    const { stdout } = layer.shell(`apt-get install -y -q --no-install-recommends '${inside}' 2>&1`, {
      as: 'root',
    });
    const version = layer
      .shell("dpkg-query -W -f '${Version} ${Installed-Size}' pretext-studio")
      .stdout.split(' ');
    const added = /(\d+) newly installed/.exec(stdout)?.[1] ?? '0';
    return `version ${version[0]}, ${Math.round((Number(version[1]) * 1024) / 1e6)} MB, ${added} packages newly installed`;
  } finally {
    rmSync(join(layer.root, inside), { force: true });
  }
}

/** The same program under a lower version: no earlier installer was ever made. */
function olderDeb(deb, folder) {
  const work = mkdtempSync(join(folder, 'older-'));
  execFileSync('dpkg-deb', ['-R', deb, work]);
  const control = join(work, 'DEBIAN', 'control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*/m, 'Version: 0.0.1'));
  const file = join(folder, 'pretext-studio_0.0.1.deb');
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--build', work, file], { stdio: 'ignore' });
  rmSync(work, { recursive: true, force: true });
  return file;
}

/** Asks the dynamic linker for everything that is shipped, as a missing library may show only when it is used. */
function everyLibraryIsFound(layer) {
  const find = `cd "/opt/Pretext Studio" && find . -type f \\( -name '*.so*' -o -name '*.node' -o -perm -u+x \\) -exec sh -c 'ldd "$1" 2>/dev/null | sed "s|^|$1: |"' _ {} \\;`;
  const lines = layer
    .shell(find)
    .stdout.split('\n')
    .filter((line) => line.includes('=>'));
  const missing = lines.filter((line) => line.includes('not found'));
  // Its own libraries lie beside it, and are found by their paths once they are loaded.
  if (missing.length > 0) throw new Error(`not found: ${missing.join('; ')}`);
  return `${lines.length} references to libraries`;
}

/** Everything that is not the person's, nor written by whatever installs packages. */
function systemFiles(layer) {
  const { stdout } = layer.shell('find / -xdev 2>/dev/null; find /opt /usr /etc 2>/dev/null; true', {
    as: 'root',
  });
  return [...new Set(stdout.split('\n'))].filter((path) => path && !BOOKKEEPING.test(path)).sort();
}

function remove(layer, documents, before) {
  const home = () => layer.shell(`find /home/person -name project.db | sort`).stdout;
  const projects = home();
  layer.shell('apt-get purge -y -q --autoremove pretext-studio 2>&1', { as: 'root' });
  const left = systemFiles(layer).filter((path) => !before.includes(path));
  const ours = left.filter((path) => /pretext/i.test(path));
  if (ours.length > 0) throw new Error(`left behind: ${ours.slice(0, 20).join(', ')}`);
  // Debian's own packages write settings when they are installed, some of which outlive them; they name nothing of ours.
  const settings = left.filter((path) => path.startsWith('/etc/'));
  const naming = layer.shell(`grep -rliE 'pretext' /etc 2>/dev/null; true`, { as: 'root' }).stdout.trim();
  if (naming) throw new Error(`settings that name the program stay: ${naming}`);
  // Debian's lists name what lies in /usr by its older place.
  const listed = layer.shell('cat /var/lib/dpkg/info/*.list').stdout.split('\n');
  const owned = new Set(listed.map((path) => path.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/')));
  const others = left.filter((path) => !settings.includes(path) && !owned.has(path));
  if (others.length > 0) throw new Error(`left behind by dependencies: ${others.slice(0, 20).join(', ')}`);
  if (home() !== projects || projects.trim() === '') throw new Error('projects of the person were changed');
  if (layer.shell('command -v pretext pretext-studio', { mayFail: true }).stdout)
    throw new Error('a command stays');
  return `${projects.trim().split('\n').length} projects stay, nothing else of ours; ${settings.length} files and folders in /etc are of Debian’s packages`;
}
