/** What a trainer's process begins with: settings that libraries read once, before any code of ours runs. */

import { gpuRuntime } from './gpu-runtime.ts';

/**
 * Large pages for tensors, where the C library is glibc 2.35 or later and Linux lends them: a step of a small residual
 * network then takes some 5 % less processor time. Others ignore the setting.
 */
const LARGE_PAGES = 'glibc.malloc.hugetlb=1';

/** @param own environment of this process: what a person has set there wins */
export function trainerEnvironment(
  own: Record<string, string | undefined> = process.env,
): Record<string, string> {
  return {
    // TensorFlow's notes about itself are no news to the person who waits; its warnings are.
    TF_CPP_MIN_LOG_LEVEL: own['TF_CPP_MIN_LOG_LEVEL'] ?? '1',
    ...gpuRuntime(own),
    GLIBC_TUNABLES: own['GLIBC_TUNABLES'] ?? LARGE_PAGES,
  };
}
