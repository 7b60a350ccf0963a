import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceWishSchema } from '../../../src/contract/recipe/device.ts';
import { machineChangeSchema } from '../../../src/contract/machine/settings.ts';
import { changeMachine, deviceDefaults, readMachine } from '../../../src/machine/settings.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'pretext-settings-')), 'folder', 'machine.json');
const failing = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { failure: { code: string; message: string; place: string } }).failure;
  }
  throw new Error('nothing was thrown');
};

describe('the settings of the machine', () => {
  it('are automatic threads and 32 bits until somebody chooses', () => {
    const file = newFile();
    expect(readMachine(file, 8)).toEqual({
      settings: { threads: null, precision: 'float32', priority: 'low' },
      cores: 8,
      file,
    });
    expect(deviceDefaults(readMachine(file, 8))).toEqual({ precision: 'float32' });
  });

  it('are kept one by one', () => {
    const file = newFile();
    changeMachine({ threads: 4 }, file, 8);
    changeMachine({ precision: 'mixed' }, file, 8);
    expect(readMachine(file, 8).settings).toEqual({ threads: 4, precision: 'mixed', priority: 'low' });
    expect(deviceDefaults(readMachine(file, 8))).toEqual({ threads: 4, precision: 'mixed' });
    changeMachine({ priority: 'normal' }, file, 8);
    expect(changeMachine({ threads: null }, file, 8).settings).toEqual({
      threads: null,
      precision: 'mixed',
      priority: 'normal',
    });
  });

  it('change only where something is said, over the contract as well', () => {
    expect(machineChangeSchema.parse({ threads: 1 })).toEqual({ threads: 1 });
    expect(deviceWishSchema.parse({})).toEqual({});
  });

  it('have no more threads than the processor, and say so', () => {
    const file = newFile();
    changeMachine({ threads: 8 }, file, 8);
    expect(failing(() => changeMachine({ threads: 9 }, file, 8))).toMatchObject({
      code: 'settings.threads',
      message: 'Threads must be a whole number from 1 to 8, or automatic. Found: 9.',
    });
    // A folder that was taken to a smaller machine.
    expect(readMachine(file, 2).settings.threads).toBe(2);
  });

  it('that cannot be read are named and left as they are', () => {
    const file = newFile();
    changeMachine({ threads: 2 }, file, 8);
    for (const text of ['{ "threads": ', '{ "threads": "many" }']) {
      writeFileSync(file, text);
      expect(failing(() => changeMachine({ threads: 1 }, file, 8))).toMatchObject({
        code: 'settings.unreadable',
        place: file,
      });
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  it('say where they cannot be written, and what to do', () => {
    const file = newFile();
    writeFileSync(dirname(file), 'a file in the place of the folder');
    expect(failing(() => changeMachine({ threads: 1 }, file, 8))).toMatchObject({
      code: 'settings.not-written',
      place: file,
      remedy: expect.stringContaining('PRETEXT_CONFIG') as unknown,
    });
  });
});
