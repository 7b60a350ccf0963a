/** Where the program keeps what belongs to its user and to no project: settings, what the window remembers, reports. */
import { homedir } from 'node:os';
import { join } from 'node:path';

const PRODUCT = 'Pretext Studio';

type Variables = Record<string, string | undefined>;

/** `PRETEXT_CONFIG`, or where the window keeps what it remembers. */
export function userFolder(own: Variables = process.env, platform = process.platform): string {
  return own['PRETEXT_CONFIG'] || own['PRETEXT_USER_DATA'] || join(platformFolder(own, platform), PRODUCT);
}

function platformFolder(own: Variables, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  if (platform === 'win32') return own['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming');
  return own['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}
