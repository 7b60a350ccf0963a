/**
 * Starts TensorFlow and says what it found: for the doctor, in a process of its own, as a native library that is
 * broken may take its process with it.
 */
import { toFailure } from '../contract/errors.ts';
import { parentChannel } from '../host/parent-channel.ts';
import { hasBfloat16, startTensorFlow } from '../tensor/index.ts';
import type { TensorFlowAnswer } from '../contract/machine/doctor.ts';

const channel = parentChannel();

async function tryTensorFlow(): Promise<TensorFlowAnswer> {
  try {
    const { version, device, deviceNames, threads, ownKernels } = await startTensorFlow();
    const mixedPrecision = device === 'gpu' || hasBfloat16();
    return { found: true, version, device, deviceNames, threads, ownKernels, mixedPrecision };
  } catch (error) {
    return { found: false, failure: toFailure(error) };
  }
}

channel.send(await tryTensorFlow());
