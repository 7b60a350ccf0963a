/** Recurrent layers as PyTorch has them: long short-term memory (Hochreiter and Schmidhuber 1997), gated units. */
import { multiply, tf, type Tensor } from '../../tensor/index.ts';
import { variable, type Layer, type VariableSpec } from './layer.ts';

/**
 * [N, T, inputs] to the hidden states [N, T, units], from first to last.
 *
 * As PyTorch's it has two biases, which only act as their sum. The gates stand in the order input, forget, cell,
 * output.
 */
export function longShortTermMemory(name: string, inputs: number, units: number): Layer {
  const { enter, enterBias, again, againBias } = recurrentParameters(name, inputs, units, 4);
  return {
    parameters: [enter, enterBias, again, againBias],
    statistics: [],
    apply(x, pass) {
      const [count, steps] = x.shape as [number, number, number];
      const value = (of: VariableSpec) => variable(pass.parameters, of.name);
      const bias = tf.add(value(enterBias), value(againBias));
      const entering = tf.add(multiply(tf.reshape(x, [count * steps, inputs]), value(enter)), bias);
      const each = placesOf(tf.reshape(entering, [count, steps, 4 * units]));
      let hidden: Tensor | null = null;
      let cell: Tensor | null = null;
      const states = each.map((own) => {
        const sum: Tensor = hidden ? tf.add(own, multiply(hidden, value(again))) : own;
        const [input, forget, candidate, output] = tf.split(sum, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
        const entered: Tensor = tf.mul(tf.sigmoid(input), tf.tanh(candidate));
        cell = cell ? tf.add(tf.mul(tf.sigmoid(forget), cell), entered) : entered;
        hidden = tf.mul(tf.sigmoid(output), tf.tanh(cell));
        return hidden;
      });
      return tf.stack(states, 1);
    },
  };
}

/** Products with what enters and with the state before, of all gates side by side; as large as PyTorch's on average. */
function recurrentParameters(name: string, inputs: number, units: number, gates: number) {
  const deviation = 1 / Math.sqrt(units) / Math.sqrt(3);
  const spec = (part: string, shape: number[]): VariableSpec => ({
    name: `${name}/${part}`,
    shape,
    initial: { kind: 'normal', deviation },
  });
  return {
    enter: spec('enter/kernel', [inputs, gates * units]),
    enterBias: spec('enter/bias', [gates * units]),
    again: spec('again/kernel', [units, gates * units]),
    againBias: spec('again/bias', [gates * units]),
  };
}

/** [N, T, D] as T tensors [N, D]. TensorFlow.js has no gradient for taking one thing apart. */
function placesOf(x: Tensor): Tensor[] {
  const [count, steps, size] = x.shape as [number, number, number];
  return steps === 1 ? [tf.reshape(x, [count, size])] : (tf.unstack(x, 1) as Tensor[]);
}

/**
 * Gated recurrent units (Cho et al. 2014): [N, T, inputs] to the last hidden state [N, units].
 *
 * The gates stand in the order reset, update, new; the reset gate acts behind the product with the state, as cuDNN has it.
 */
export function gatedRecurrentUnits(name: string, inputs: number, units: number): Layer {
  const { enter, enterBias, again, againBias } = recurrentParameters(name, inputs, units, 3);
  return {
    parameters: [enter, enterBias, again, againBias],
    statistics: [],
    apply(x, pass) {
      const [count, steps] = x.shape as [number, number, number];
      const value = (of: VariableSpec) => variable(pass.parameters, of.name);
      const rows = multiply(tf.reshape(x, [count * steps, inputs]), value(enter));
      const entering = tf.add(rows, value(enterBias));
      let hidden: Tensor = tf.zeros([count, units]);
      for (const own of placesOf(tf.reshape(entering, [count, steps, 3 * units]))) {
        const kept = tf.add(multiply(hidden, value(again)), value(againBias));
        const [reset, update, entered] = tf.split(own, 3, 1) as [Tensor, Tensor, Tensor];
        const [resetBefore, updateBefore, before] = tf.split(kept, 3, 1) as [Tensor, Tensor, Tensor];
        const share = tf.sigmoid(tf.add(update, updateBefore));
        const candidate = tf.tanh(tf.add(entered, tf.mul(tf.sigmoid(tf.add(reset, resetBefore)), before)));
        hidden = tf.add(candidate, tf.mul(share, tf.sub(hidden, candidate)));
      }
      return hidden;
    },
  };
}
