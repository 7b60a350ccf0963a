/** What is unsafe about where a project lies: disks of other machines, and folders that a program synchronises. */
import { statfsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Numbers by which Linux names file systems of other machines. */
const NETWORK = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x01021997, '9P'],
  [0x0bd00bd0, 'Lustre'],
]);

/** Folders of programs that copy what lies in them to other machines, as they are named by default. */
const SYNCED: readonly [RegExp, string][] = [
  [/^dropbox( \(.*\))?$/i, 'Dropbox'],
  [/^onedrive( - .*)?$/i, 'OneDrive'],
  [/^(google ?drive|my drive)$/i, 'Google Drive'],
  [/^(mobile documents|icloud ?drive)$/i, 'iCloud'],
  [/^cloudstorage$/i, 'a cloud service'],
  [/^nextcloud$/i, 'Nextcloud'],
  [/^owncloud$/i, 'ownCloud'],
  [/^(mega|megasync)$/i, 'MEGA'],
  [/^pcloud( ?drive)?$/i, 'pCloud'],
  [/^syncthing$/i, 'Syncthing'],
];

/** Sentences; empty for a folder on a disk of this machine. */
export function cautionsOfPlace(folder: string, type = fileSystemType(folder)): string[] {
  const network = type !== null ? NETWORK.get(type) : undefined;
  const isRemote = network !== undefined || /^\\\\[^?.]/.test(folder);
  const service = syncedBy(folder);
  return [
    ...(isRemote
      ? [
          `This project lies on a disk of another machine${network ? ` (${network})` : ''}. Open it from one machine at a time, and keep copies: when the connection breaks while something is written, its database can be damaged.`,
        ]
      : []),
    ...(service
      ? [
          `This project lies in a folder that ${service} copies to other machines. It may copy files while they are being written, or put an older one back: keep projects in a folder of this machine only, and copy them when they are closed.`,
        ]
      : []),
  ];
}

function syncedBy(folder: string): string | null {
  const parts = folder.split(/[\\/]/);
  return SYNCED.find(([name]) => parts.some((part) => name.test(part)))?.[1] ?? null;
}

/** Null where it cannot be asked, or where the numbers mean something else. */
function fileSystemType(folder: string): number | null {
  if (process.platform !== 'linux') return null;
  try {
    return statfsSync(resolve(folder)).type;
  } catch {
    // A folder that is not there yet has no file system of its own: whoever makes it is told then.
    return null;
  }
}
