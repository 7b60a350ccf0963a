import { expect, it } from 'vitest';
import { startTensorFlow, tf } from '../../../src/tensor/index.ts';

it('gives each of two threads an operation of its own where that is asked for, once for the process', async () => {
  const info = await startTensorFlow({ threads: 2, sideBySide: true });
  expect(info).toMatchObject({ threads: 2, device: 'cpu' });
  expect([process.env['TF_NUM_INTRAOP_THREADS'], process.env['TF_NUM_INTEROP_THREADS']]).toEqual(['1', '2']);
  expect(await startTensorFlow({ threads: 7 })).toBe(info);
  expect([...tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()]).toEqual([11]);
});
