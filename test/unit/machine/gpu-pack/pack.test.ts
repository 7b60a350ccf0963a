import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { GpuPackSource, GpuWheelTable } from '../../../../src/contract/machine/gpu-pack.ts';
import { gpuRuntime } from '../../../../src/host/gpu-runtime.ts';
import {
  gpuPackState,
  gpuWheelTable,
  isNeeded,
  makeGpuPack,
  removeGpuPack,
} from '../../../../src/machine/gpu-pack/pack.ts';
import { makeWheel, startIndex, type MadeWheel } from '../../../fixtures/wheels.ts';

let folder: string;
let pack: string;
let runtime: string;
const WHEELS = [
  makeWheel('tensorflow', {
    'tensorflow/libtensorflow_cc.so.2': 'the library '.repeat(5000),
    'tensorflow/libtensorflow_framework.so.2': 'its frame',
    'tensorflow/__init__.py': 'not needed',
  }),
  makeWheel('nvidia-cublas-cu12', {
    'nvidia/cublas/lib/libcublas.so.12': 'products '.repeat(3000),
    'nvidia/cublas/include/cublas.h': 'not needed',
  }),
];
const TABLE: GpuWheelTable = { tensorflow: '2.21.0', wheels: WHEELS.map(({ wheel }) => wheel) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-gpu-pack-'));
  pack = join(folder, 'pack');
  runtime = join(folder, 'runtime');
  mkdirSync(runtime);
  writeFileSync(join(runtime, 'tfjs_binding.node'), 'addon');
  writeFileSync(join(runtime, 'runtime.json'), JSON.stringify({ version: '2.21.0' }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tryStep = () => Promise.resolve('GPU:0');
const make = (source: GpuPackSource, more: Partial<Parameters<typeof makeGpuPack>[0]> = {}) =>
  makeGpuPack({ source, runtime, folder: pack, table: TABLE, tryStep, ...more });
const indexOf = async (wheels: MadeWheel[] = WHEELS, form: 'json' | 'page' = 'json') => {
  const index = await startIndex(wheels, form);
  onTestFinished(() => index.close());
  return index;
};
const from = (address: string): GpuPackSource => ({ kind: 'index', address });
const failureOf = (making: Promise<unknown>) =>
  making.then(
    () => expect.fail('it was made'),
    (error: { failure: { code: string; message: string } }) => error.failure,
  );

describe('a GPU pack', () => {
  test.each(['json', 'page'] as const)('is made from an index that lists files as %s', async (form) => {
    const index = await indexOf(WHEELS, form);
    const told: number[] = [];
    const device = await make(from(index.address), { onProgress: ({ doneBytes }) => told.push(doneBytes) });
    expect(device).toBe('GPU:0');
    const read = (path: string) => readFileSync(join(pack, path), 'utf8');
    expect(read('tensorflow/libtensorflow_cc.so.2')).toBe('the library '.repeat(5000));
    expect(read('nvidia/cublas/lib/libcublas.so.12')).toBe('products '.repeat(3000));
    expect(read('tensorflow/tfjs_binding.node')).toBe('addon');
    expect(readdirSync(pack).sort()).toEqual(['nvidia', 'pack.json', 'tensorflow']);
    expect(existsSync(join(pack, 'tensorflow/__init__.py'))).toBe(false);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(TABLE.wheels.reduce((sum, { bytes }) => sum + bytes, 0));
    const state = await gpuPackState(pack, TABLE, { platform: 'linux', arch: 'x64' });
    expect([state.state, state.downloadBytes, state.unsupported]).toEqual(['installed', 0, null]);
  });

  test('goes on in the middle of a file after the connection broke', async () => {
    const index = await indexOf();
    index.breakAfter = 100;
    expect((await failureOf(make(from(index.address)))).code).toBe('gpu-pack.index');
    expect((await gpuPackState(pack, TABLE)).state).toBe('partial');
    await make(from(index.address));
    expect(index.asked).toContain(`/files/${TABLE.wheels[0]?.file} bytes=100-`);
  });

  test('fetches no wheel twice after it was stopped between two', async () => {
    const index = await indexOf();
    const stop = new AbortController();
    const onProgress = ({ words }: { words: string }) => {
      if (words.startsWith('tensorflow is there')) stop.abort();
    };
    await expect(make(from(index.address), { signal: stop.signal, onProgress })).rejects.toThrow();
    index.asked.length = 0;
    await make(from(index.address));
    expect(index.asked.filter((path) => path.includes('tensorflow'))).toEqual([]);
  });

  test('refuses a changed file, and fetches it anew', async () => {
    const changed = {
      ...WHEELS[1]!,
      bytes: WHEELS[1]!.bytes.map((byte, at) => (at === 50 ? byte ^ 1 : byte)),
    };
    const bad = await indexOf([WHEELS[0]!, changed]);
    const failure = await failureOf(make(from(bad.address)));
    expect(failure.code).toBe('gpu-pack.checksum');
    expect(failure.message).toContain(WHEELS[1]!.wheel.sha256);
    const good = await indexOf();
    expect(await make(from(good.address))).toBe('GPU:0');
  });

  test('is made from a folder, whose files stay as they are', async () => {
    const source = join(folder, 'wheels');
    mkdirSync(source);
    writeFileSync(join(source, WHEELS[0]!.wheel.file), WHEELS[0]!.bytes);
    const missing = await failureOf(make({ kind: 'folder', folder: source }));
    expect(missing.code).toBe('gpu-pack.missing-file');
    writeFileSync(join(source, WHEELS[1]!.wheel.file), 'something else');
    expect((await failureOf(make({ kind: 'folder', folder: source }))).code).toBe('gpu-pack.checksum');
    expect(readFileSync(join(source, WHEELS[1]!.wheel.file), 'utf8')).toBe('something else');
    writeFileSync(join(source, WHEELS[1]!.wheel.file), WHEELS[1]!.bytes);
    await make({ kind: 'folder', folder: source });
    expect(readdirSync(source)).toHaveLength(2);
  });

  test('is not used before a step was computed with it, and nothing is fetched again for the next try', async () => {
    const index = await indexOf();
    const fails = () => Promise.reject(new Error('no GPU'));
    await expect(make(from(index.address), { tryStep: fails })).rejects.toThrow('no GPU');
    const own = { PRETEXT_RUNTIME: runtime, PRETEXT_GPU_PACK: pack };
    expect(gpuRuntime(own)).toEqual({});
    index.asked.length = 0;
    await make(from(index.address));
    expect(index.asked).toEqual([]);
    expect(gpuRuntime(own)).toEqual({ PRETEXT_RUNTIME: join(pack, 'tensorflow') });
  });

  test('is left alone where it is another TensorFlow than the program’s, and gets the program’s newer addon', async () => {
    await make(from((await indexOf()).address));
    const own = { PRETEXT_RUNTIME: runtime, PRETEXT_GPU_PACK: pack };
    expect(gpuRuntime({ ...own, PRETEXT_GPU: 'off' })).toEqual({});
    writeFileSync(join(runtime, 'tfjs_binding.node'), 'newer addon');
    expect(gpuRuntime(own)).toEqual({ PRETEXT_RUNTIME: join(pack, 'tensorflow') });
    expect(readFileSync(join(pack, 'tensorflow/tfjs_binding.node'), 'utf8')).toBe('newer addon');
    writeFileSync(join(runtime, 'runtime.json'), JSON.stringify({ version: '2.22.0' }));
    expect(gpuRuntime(own)).toEqual({});
  });

  test('is removed with all that was made, and nothing else', async () => {
    await make(from((await indexOf()).address));
    writeFileSync(join(pack, 'mine.txt'), 'mine');
    await removeGpuPack(pack);
    expect(readdirSync(pack)).toEqual(['mine.txt']);
    rmSync(join(pack, 'mine.txt'));
    await removeGpuPack(pack);
    expect(existsSync(pack)).toBe(false);
  });

  test('says why there is none on other systems', async () => {
    const state = await gpuPackState(pack, TABLE, { platform: 'win32', arch: 'x64' });
    expect(state.unsupported).toContain('WSL 2');
  });
});

describe('the table of wheels', () => {
  test('holds one release of CUDA, with a checksum and sizes for each file', () => {
    const { tensorflow, wheels } = gpuWheelTable({});
    expect(wheels.map(({ package: name }) => name)).toContain('nvidia-cudnn-cu12');
    expect(wheels.find(({ package: name }) => name === 'tensorflow')?.version).toBe(tensorflow);
    const cuda = wheels.filter(({ package: name }) => name.startsWith('nvidia-cuda-'));
    expect(new Set(cuda.map(({ version }) => version.split('.').slice(0, 2).join('.'))).size).toBe(1);
    const manifest = JSON.parse(readFileSync('build/runtime/manifest.json', 'utf8')) as {
      builds: { variant: string; version: string; sources: { sha256: string }[] }[];
    };
    const build = manifest.builds.find(({ variant }) => variant === 'cuda');
    expect(wheels[0]?.sha256).toBe(build?.sources[0]?.sha256);
    expect(tensorflow).toBe(build?.version);
  });

  test('takes libraries, and no headers or sources', () => {
    expect(isNeeded('nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc')).toBe(true);
    expect(isNeeded('nvidia/cudnn/lib/libcudnn.so.9')).toBe(true);
    expect(isNeeded('nvidia/cudnn/include/cudnn.h')).toBe(false);
    expect(isNeeded('tensorflow/python/_pywrap_tensorflow_internal.so')).toBe(false);
  });
});
