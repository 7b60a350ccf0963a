import { afterEach } from 'vitest';
import { nativeBackend } from '../../../src/tensor/backend.ts';
import './helpers.ts';

/** Whether this processor has our own kernels. */
export const ownKernelsThere = nativeBackend().ownKernels;

/** Chooses our own kernels, where there are some, or TensorFlow's, until the test ends. */
export function chooseKernels(own: boolean): void {
  nativeBackend().ownKernels = own && ownKernelsThere;
}

afterEach(() => chooseKernels(true));
