import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { readSettingsFile, writeSettingsFile } from '../../../src/machine/settings-file.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

const schema = z.object({ threads: z.number().default(2) });
const unreadable = (why: string) => ({ code: 'x.unreadable', message: `It cannot be read: ${why}` });
const notWritten = (code: string) => ({ code: 'x.not-written', message: `It cannot be written (${code})` });

it('gives what stands in it, and what is usual where there is none', () => {
  const file = join(temporaryFolder(), 'below', 'it.json');
  expect(readSettingsFile(file, schema, unreadable)).toEqual({ threads: 2 });
  writeSettingsFile(file, { threads: 4 }, notWritten);
  expect(readSettingsFile(file, schema, unreadable)).toEqual({ threads: 4 });
  expect(readFileSync(file, 'utf8')).toBe('{\n  "threads": 4\n}\n');
});

it('says which file cannot be read or written, and why', () => {
  const file = join(temporaryFolder(), 'it.json');
  writeFileSync(file, '{"threads": ');
  const place = { failure: expect.objectContaining({ place: file }) };
  expect(() => readSettingsFile(file, schema, unreadable)).toThrow(expect.objectContaining(place));
  expect(() => readSettingsFile(file, schema, unreadable)).toThrow(/cannot be read: .*JSON/);
  const taken = join(temporaryFolder(), 'taken');
  mkdirSync(taken);
  expect(() => writeSettingsFile(taken, {}, notWritten)).toThrow(/cannot be written \(E[A-Z]+\)/);
});
