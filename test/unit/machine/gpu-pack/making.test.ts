import { describe, expect, it } from 'vitest';
import type { GpuPackProgress } from '../../../../src/contract/machine/gpu-pack.ts';
import { makingOfPack, type MakingOfPack } from '../../../../src/machine/gpu-pack/making.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';
import { playedHost } from '../../../fixtures/workplaces.ts';

async function told(options: Partial<MakingOfPack>): Promise<GpuPackProgress[]> {
  const found: GpuPackProgress[] = [];
  const { host } = playedHost();
  const source = { kind: 'folder', folder: temporaryFolder() } as never;
  for await (const progress of makingOfPack({ host, source, own: {}, ...options })) found.push(progress);
  return found;
}

describe('the making of a pack', () => {
  it('ends with a failure as its last word, as where the program’s own TensorFlow is not known', async () => {
    expect(await told({})).toEqual([
      {
        type: 'failed',
        failure: {
          code: 'runtime.missing',
          message: 'The program does not know where its own TensorFlow lies, whose addon the pack needs.',
          place: 'PRETEXT_RUNTIME',
          remedy: 'Start the program as it is installed, or by `npm start`: both say where it lies.',
        },
      },
    ]);
  });

  it('makes nothing where nobody wants it from the start', async () => {
    const last = (
      await told({ signal: AbortSignal.abort(), own: { PRETEXT_RUNTIME: temporaryFolder() } })
    ).at(-1);
    expect(last?.type).toBe('failed');
  });
});
