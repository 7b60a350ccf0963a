import { expect, it } from 'vitest';
import { cautionsOfPlace } from '../../../src/machine/place.ts';

const NFS = 0x6969;
const EXT4 = 0xef53;

it('warns of a disk of another machine, by the number of its file system or a Windows share', () => {
  expect(cautionsOfPlace('/home/anna/a.pretext', NFS)).toEqual([
    expect.stringContaining('another machine (NFS)'),
  ]);
  expect(cautionsOfPlace('\\\\server\\share\\a.pretext', null)).toEqual([
    expect.stringContaining('a disk of another machine.'),
  ]);
  // A long path of this machine begins alike.
  expect(cautionsOfPlace('\\\\?\\C:\\data\\a.pretext', null)).toEqual([]);
});

it('warns of folders that a program synchronises', () => {
  for (const [folder, service] of [
    ['/home/anna/Dropbox/a.pretext', 'Dropbox'],
    ['C:\\Users\\Anna\\OneDrive - Clinic\\a.pretext', 'OneDrive'],
    ['/Users/anna/Library/Mobile Documents/a.pretext', 'iCloud'],
    ['/home/anna/Nextcloud/a.pretext', 'Nextcloud'],
  ] as const)
    expect(cautionsOfPlace(folder, EXT4)).toEqual([
      expect.stringContaining(`${service} copies to other machines`),
    ]);
});

it('says nothing of a folder of this machine, whatever it is called like', () => {
  expect(cautionsOfPlace('/home/anna/dropbox-notes/a.pretext', EXT4)).toEqual([]);
});
