import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pipIndex } from '../../../../src/machine/gpu-pack/pack.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-index-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the GPU pack comes from where the person’s pip is set to, else from where pip goes of itself, else they are asked', () => {
  const settings = join(folder, 'pip.conf');
  expect(pipIndex({}, [settings])).toBeNull();
  expect(pipIndex({ PRETEXT_RUNTIME: folder }, [settings])).toBeNull();
  writeFileSync(join(folder, 'package-index.txt'), 'https://default.example/simple\n');
  expect(pipIndex({ PRETEXT_RUNTIME: folder }, [settings])).toBe('https://default.example/simple');
  writeFileSync(settings, '[global]\nindex-url = https://mirror.example/simple\n');
  expect(pipIndex({ PRETEXT_RUNTIME: folder }, [settings])).toBe('https://mirror.example/simple');
  expect(pipIndex({ PIP_INDEX_URL: 'https://own.example' }, [settings])).toBe('https://own.example');
});
