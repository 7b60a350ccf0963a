/**
 * The `pretext` command for a program that no installer put on the PATH: a small file of the user's own that starts
 * the packaged command line. The Debian package brings the command itself.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { quoted } from '../src/machine/shell.ts';

/** By this line a file is known as ours, and may be replaced. */
const MARK = 'Made by Pretext Studio';

export interface CommandPlace {
  file: string;
  text: string;
}

export interface Installation {
  platform: NodeJS.Platform;
  home: string;
  /** The folder of the packaged program's resources. */
  resources: string;
  /** The AppImage that the program runs from, where it does. */
  image?: string | undefined;
  localAppData?: string | undefined;
}

export function thisInstallation(resources: string): Installation {
  const { APPIMAGE: image, LOCALAPPDATA: localAppData } = process.env;
  return { platform: process.platform, home: homedir(), resources, image, localAppData };
}

/** The file that other programs, or other machines that have it at the same place, can call when this one has ended. */
export function lastingCommand(installation: Installation): string {
  const { platform, home, resources, image } = installation;
  // What an AppImage is mounted at goes with it.
  if (image !== undefined) return ofUser(home);
  return join(resources, 'bin', platform === 'win32' ? 'pretext.cmd' : 'pretext');
}

const ofUser = (home: string) => join(home, '.local', 'bin', 'pretext');

/** What would be written where; null where an installer has put the command on the PATH. */
export function commandPlace(installation: Installation): CommandPlace | null {
  const { platform, home, resources, image } = installation;
  if (platform === 'win32') {
    // On the PATH of every user since Windows 10.
    const folder = join(
      installation.localAppData ?? join(home, 'AppData', 'Local'),
      'Microsoft',
      'WindowsApps',
    );
    const text = `@echo off\r\nrem ${MARK}\r\n"${join(resources, 'bin', 'pretext.cmd')}" %*\r\n`;
    return { file: join(folder, 'pretext.cmd'), text };
  }
  const file = ofUser(home);
  if (image !== undefined) return { file, text: imageScript(image) };
  if (platform !== 'darwin') return null;
  return { file, text: `#!/bin/sh\n# ${MARK}\nexec ${quoted(join(resources, 'bin', 'pretext'))} "$@"\n` };
}

/** The image is mounted while the command runs; a system without FUSE unpacks it once, and again when it changes. */
function imageScript(image: string): string {
  return `#!/bin/sh
# ${MARK}
set -eu
# By this other machines call the program: where the image is mounted now, it will not be later.
PRETEXT_COMMAND=$(readlink -f "$0")
export PRETEXT_COMMAND
image=${quoted(image)}
if [ ! -x "$image" ]; then
  echo "pretext: $image is not there any more. Start Pretext Studio from where it is now, and choose Help, Install the pretext command." >&2
  exit 127
fi
pipe=$(mktemp -u)
mkfifo -m 600 "$pipe"
"$image" --appimage-mount >"$pipe" 2>/dev/null &
mounted=$!
folder=
read -r folder <"$pipe" || true
rm -f "$pipe"
if [ -n "$folder" ] && [ -x "$folder/resources/bin/pretext" ]; then
  trap 'kill "$mounted" 2>/dev/null || true' EXIT
  trap 'true' INT
  status=0
  "$folder/resources/bin/pretext" "$@" || status=$?
  exit "$status"
fi
kill "$mounted" 2>/dev/null || true
cache=\${XDG_CACHE_HOME:-$HOME/.cache}/pretext-studio/unpacked
state=$(stat -c '%s %Y' "$image")
if [ "$(cat "$cache/state" 2>/dev/null)" != "$state" ]; then
  rm -rf "$cache"
  mkdir -p "$cache"
  echo "pretext: unpacking the program, once" >&2
  (cd "$cache" && "$image" --appimage-extract >/dev/null)
  echo "$state" >"$cache/state"
fi
exec "$cache/squashfs-root/resources/bin/pretext" "$@"
`;
}

/** @throws Error where a file of that name is somebody else's, or cannot be written */
export function writeCommand({ file, text }: CommandPlace): void {
  if (existsSync(file) && !readFileSync(file, 'utf8').includes(MARK))
    throw new Error(`${file} is there already, and was not made by this program. Nothing was changed.`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text);
  chmodSync(`${file}.new`, 0o755);
  renameSync(`${file}.new`, file);
}
