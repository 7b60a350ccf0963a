/** What the processor can do that TensorFlow makes use of. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Instructions for products of bfloat16 numbers. */
const BFLOAT16 = ['avx512_bf16', 'amx_bf16'];

/** Names of the processor's features as the system tells them; null where it does not. */
export function processorFeatures(): ReadonlySet<string> | null {
  if (process.platform === 'linux') {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    return line?.[1] ? new Set(line[1].split(' ')) : null;
  }
  if (process.platform !== 'darwin') return null;
  if (process.arch === 'arm64') return new Set(['neon']);
  try {
    const told = execFileSync('sysctl', ['-n', 'machdep.cpu.features', 'machdep.cpu.leaf7_features'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Set(told.toLowerCase().replaceAll('sse4.2', 'sse4_2').split(/\s+/));
  } catch {
    // Not told: the same as not known.
    return null;
  }
}

/** Products of bfloat16 numbers are quicker here than those of float32. */
export function hasBfloat16(): boolean {
  const features = processorFeatures();
  return process.arch === 'x64' && features !== null && BFLOAT16.some((name) => features.has(name));
}
