// A machine as a person has it, inside this one: Debian with what a desktop brings (fonts, menus) and a user, but no
// compiler, no Node and no Python. Each journey gets a layer of its own over it, thrown away afterwards.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheSubfolder } from '../setup/paths.mjs';
import { canRun, run } from '../setup/run.mjs';
import { SetupError, step } from '../setup/say.mjs';

const SUITE = 'bookworm';
const REVISION = 2;
/** What any desktop has: it starts menu entries, knows kinds of files, and has a font. */
const DESKTOP = [
  'ca-certificates',
  'dbus',
  'desktop-file-utils',
  'fonts-dejavu-core',
  'libglib2.0-bin',
  'shared-mime-info',
  'procps',
];
const LONG_MS = 900_000;
/** Two installed versions and their projects are some 5 GB. */
const MUCH_MEMORY = 12e9;

/** What is missing to make such a machine, or null. */
export function whyNoCleanRoot() {
  if (process.platform !== 'linux') return 'Clean roots are made on Linux.';
  if (process.getuid() !== 0) return 'A clean root is made and entered by root alone.';
  const missing = ['debootstrap', 'unshare', 'pivot_root', 'xvfb-run', 'xdotool'].filter(
    (name) => !canRun('which', [name]),
  );
  if (missing.length === 0) return null;
  return `Missing: ${missing.join(', ')}. Debian: apt install debootstrap util-linux xvfb xauth xdotool`;
}

/** The root that all layers lie over; made once, kept in the cache. */
export async function ensureBase() {
  const folder = join(cacheSubfolder('clean-root'), `${SUITE}-${REVISION}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  await step(`Making a clean ${SUITE}, once`, async () => {
    await must('debootstrap', ['--variant=minbase', SUITE, work]);
    writeFileSync(join(work, 'usr', 'sbin', 'policy-rc.d'), '#!/bin/sh\nexit 101\n');
    chmodSync(join(work, 'usr', 'sbin', 'policy-rc.d'), 0o755);
    const here = (...command) => must('chroot', [work, ...command]);
    await here('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...DESKTOP);
    // Nothing of a layer is to survive a power cut.
    writeFileSync(join(work, 'etc', 'dpkg', 'dpkg.cfg.d', 'unsafe-io'), 'force-unsafe-io\n');
    await here('apt-get', 'clean');
    await here('useradd', '--create-home', '--shell', '/bin/bash', 'person');
  });
  renameSync(work, folder);
  return folder;
}

async function must(program, args) {
  const { code, output } = await run(program, args, {
    quiet: true,
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  });
  if (code !== 0)
    throw new SetupError(
      `${program} failed.\n${output.slice(-1500)}`,
      'Look at what it says, and run the same command again.',
    );
}

/**
 * A fresh layer over the base.
 * @param {string} base
 */
export function openLayer(base) {
  const folder = mkdtempSync(join(process.env.PRETEXT_JOURNEY_FOLDER ?? tmpdir(), 'pretext-journey-'));
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name));
  const inMemory = freemem() > MUCH_MEMORY;
  if (inMemory) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8g', 'tmpfs', folder]);
  for (const name of [upper, work, root]) mkdirSync(name);
  execFileSync('mount', [
    '-t',
    'overlay',
    'overlay',
    '-o',
    `lowerdir=${base},upperdir=${upper},workdir=${work}`,
    root,
  ]);
  const enter = join(folder, 'enter');
  writeFileSync(enter, enterScript(root));
  chmodSync(enter, 0o755);
  return {
    folder,
    root,
    /** A program that runs its arguments inside, as the user of the machine. */
    enter,
    /** Runs a shell line inside and answers what it printed. */
    shell(line, { as = 'person', mayFail = false } = {}) {
      const result = spawnSync(enter, ['sh', '-c', line], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
        timeout: LONG_MS,
        env: { ...process.env, JOURNEY_USER: as },
      });
      if (result.status !== 0 && !mayFail)
        throw new Error(
          `"${line}" ended with ${result.status}.\n${result.stdout}${result.stderr}`.slice(-4000),
        );
      return { status: result.status, stdout: result.stdout, stderr: result.stderr };
    },
    close() {
      spawnSync('umount', ['-l', root]);
      if (inMemory) spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Makes the layer the root of a new set of mounts and processes, as a container does (a mere chroot would forbid the
 * sandbox that the window lives in), and takes the environment of a person who has just logged in.
 */
function enterScript(root) {
  return `#!/bin/sh
exec unshare --mount --pid --fork --kill-child sh -c '
  set -e
  mount --make-rprivate /
  cd "${root}"
  mount --bind . .
  cd "${root}"
  mkdir -p .outside
  pivot_root . .outside
  mount -t proc proc /proc
  mount --rbind /.outside/dev /dev
  mount -t tmpfs tmpfs /run
  cp /.outside/etc/resolv.conf /etc/resolv.conf 2>/dev/null || true
  umount -l /.outside
  rmdir /.outside 2>/dev/null || true
  cd /
  user=\${JOURNEY_USER:-person}
  home=/home/person
  [ "$user" = person ] || home=/root
  exec setpriv --reuid "$user" --regid "$user" --init-groups -- env -i \\
    HOME="$home" USER="$user" DISPLAY="$DISPLAY" LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \\
    $JOURNEY_ENVIRONMENT \\
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
' enter "$@"
`;
}
