import { expect, test } from 'vitest';
import { compileProgram, tf, type Entry, type Program } from '../../../../src/tensor/index.ts';
import { runNative, attribute } from '../../../../src/tensor/native.ts';
import '../helpers.ts';

const inputs: Entry['inputs'] = {
  samples: { shape: [3], dtype: 'float32' },
  places: { shape: [2], dtype: 'int32' },
};

/** Rows that are picked before the state comes in; places that are not there fail while they are computed. */
const entry: Entry = {
  inputs,
  run: (state, { samples, places }) => {
    const types = [
      attribute.type('Tparams', 'float32'),
      attribute.type('Tindices', 'int32'),
      attribute.type('Taxis', 'int32'),
      attribute.int('batch_dims', 0),
    ];
    const picked = runNative('GatherV2', types, [samples!, places!, tf.scalar(0, 'int32')]);
    const learned = tf.mul(picked, state['weight']!);
    return { state: { weight: tf.add(state['weight']!, 1) }, outputs: { sum: tf.sum(learned) } };
  },
};

function withProgram(body: (program: Program) => void): void {
  const program = compileProgram({ weight: tf.scalar(2) }, { train: entry });
  try {
    body(program);
  } finally {
    program.dispose();
  }
}

const samples = Float32Array.of(1, 2, 4);

test('the views of an entry are really computed, although nobody reads them', () => {
  withProgram((program) => {
    program.runViews!('train', { samples, places: Int32Array.of(0, 2) });
    const missing = () => program.runViews!('train', { samples, places: Int32Array.of(0, 7) });
    expect(missing).toThrow(/indices\[1\] = 7 is not in \[0, 3\)/);
  });
});

test('and change no state', () => {
  withProgram((program) => {
    program.runViews!('train', { samples, places: Int32Array.of(0, 2) });
    expect([...program.readState()['weight']!.values]).toEqual([2]);
    expect([
      ...(program.run('train', { samples, places: Int32Array.of(0, 2) })['sum'] as Float32Array),
    ]).toEqual([10]);
    expect([...program.readState()['weight']!.values]).toEqual([3]);
  });
});

test('an entry that makes nothing before its state has no views', () => {
  const alone: Entry = {
    inputs: {},
    run: (state) => ({ state, outputs: { weight: tf.add(state['weight']!, 1) } }),
  };
  const program = compileProgram({ weight: tf.scalar(2) }, { train: alone });
  expect(() => program.runViews!('train', {})).not.toThrow();
  program.dispose();
});
