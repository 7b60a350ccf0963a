// The helper programs of electron-builder, which it fetches from GitHub. Where GitHub cannot be reached, the same
// work is done by what can be had: dpkg-deb for fpm, Debian's mksquashfs, and the head of an AppImage that the
// fallback Electron's package carries. Users who build get the ordinary tools.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { unpackedAppImage } from '../setup/electron.mjs';
import { cacheSubfolder, root } from '../setup/paths.mjs';
import { canRun, run } from '../setup/run.mjs';
import { say, SetupError, step } from '../setup/say.mjs';

const PROBE_MS = 5000;
const REVISION = 1;

/**
 * What electron-builder is to be told: nothing where it can fetch its tools itself.
 * @returns {Promise<{ environment: Record<string, string>, ordinary: boolean }>}
 */
export async function installerTools() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { environment: {}, ordinary: true };
  if (await canReachTools()) return { environment: {}, ordinary: true };
  say("electron-builder's own tools cannot be reached from here; packing with those of the system.");
  for (const [program, packageName] of [
    ['mksquashfs', 'squashfs-tools'],
    ['dpkg-deb', 'dpkg'],
  ]) {
    if (!canRun('which', [program]))
      throw new SetupError(
        `${program} was not found. It packs the installer where electron-builder's own tools cannot be reached.`,
        `Debian and Ubuntu: sudo apt install ${packageName}. Or run the same command where GitHub can be reached.`,
      );
  }
  return {
    environment: {
      CUSTOM_FPM_PATH: join(root, 'build', 'installers', 'debian-packer.mjs'),
      APPIMAGE_TOOLS_PATH: await appImageTools(),
    },
    ordinary: false,
  };
}

/** `PRETEXT_INSTALLER_TOOLS=system` asks for the system's tools where both can be had. */
async function canReachTools() {
  if (process.env.PRETEXT_INSTALLER_TOOLS === 'system') return false;
  const source = process.env.ELECTRON_BUILDER_BINARIES_MIRROR ?? 'https://github.com/electron-userland';
  try {
    await fetch(source, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}

/** The layout of electron-builder's own AppImage tools (appimage-12.0.1). */
async function appImageTools() {
  const folder = cacheSubfolder('installer-tools', `appimage-${REVISION}`);
  if (existsSync(join(folder, 'runtime-x64'))) return folder;
  await step('Preparing what starts an AppImage, once', () =>
    unpackedAppImage(async ({ image, unpacked }) => {
      const work = `${folder}.${process.pid}`;
      rmSync(work, { recursive: true, force: true });
      mkdirSync(join(work, 'linux-x64'), { recursive: true });
      mkdirSync(join(work, 'lib', 'x64'), { recursive: true });
      await run('cp', ['-a', `${join(unpacked, 'usr', 'lib')}/.`, join(work, 'lib', 'x64')], { quiet: true });
      for (const name of ['mksquashfs', 'desktop-file-validate']) await linkTool(work, name);
      writeFileSync(join(work, 'runtime-x64'), elfHead(image));
      chmodSync(join(work, 'runtime-x64'), 0o755);
      rmSync(folder, { recursive: true, force: true });
      renameSync(work, folder);
    }),
  );
  return folder;
}

/** electron-builder looks whether both are there, and starts the first alone. */
async function linkTool(folder, name) {
  const { output } = await run('which', [name], { quiet: true });
  symlinkSync(output.trim() || '/bin/true', join(folder, 'linux-x64', name));
}

/**
 * The program at the head of an AppImage: an ELF file ends with its table of sections, and the file system follows.
 * @param {string} image
 * @returns {Buffer}
 */
export function elfHead(image) {
  const file = openSync(image, 'r');
  try {
    const header = Buffer.alloc(64);
    readSync(file, header, 0, 64, 0);
    if (header.toString('latin1', 0, 4) !== '\x7fELF' || header[4] !== 2)
      throw new SetupError(`${image} is no 64-bit ELF program.`, 'Delete it and run the same command again.');
    const sections = Number(header.readBigUInt64LE(40));
    const length = sections + header.readUInt16LE(58) * header.readUInt16LE(60);
    const head = Buffer.alloc(length);
    readSync(file, head, 0, length, 0);
    return head;
  } finally {
    closeSync(file);
  }
}
