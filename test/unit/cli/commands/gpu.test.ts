import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addGpuCommands } from '../../../../src/cli/commands/gpu.ts';
import { gpuWheelTable } from '../../../../src/machine/gpu-pack/pack.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

beforeEach(() => {
  for (const name of ['PRETEXT_CONFIG', 'PRETEXT_GPU_PACK', 'XDG_DATA_HOME', 'HOME'])
    vi.stubEnv(name, join(temporaryFolder(), 'own'));
  vi.stubEnv('PIP_INDEX_URL', '');
});
afterEach(() => void vi.unstubAllEnvs());
const { run } = commandLine('.', addGpuCommands);
const isPossible = process.platform === 'linux' && process.arch === 'x64';

describe.skipIf(!isPossible)('the pack', () => {
  it('is told with all that it needs, before there is any of it', async () => {
    const { printed } = await run('gpu', 'status');
    expect(printed).toMatch(/^The GPU pack is not installed: [\d.]+ GB to fetch, /);
    for (const { file, sha256 } of gpuWheelTable().wheels)
      expect(printed).toMatch(new RegExp(`missing .*${file.replaceAll(/[.+]/g, '\\$&')}  SHA-256 ${sha256}`));
    expect(JSON.parse((await run('gpu', 'status', '--json')).printed)).toMatchObject({ state: 'none' });
  });

  it('is fetched over no address that others can read', async () => {
    await expect(run('gpu', 'install', '--index', 'ftp://example.org')).rejects.toMatchObject({
      failure: {
        code: 'gpu-pack.source',
        message: 'The address of an index begins with https://. Found: ftp://example.org.',
      },
    });
  });

  it('that is not there can be removed', async () => {
    expect((await run('gpu', 'remove')).printed).toMatch(/^Removed from /);
  });
});
