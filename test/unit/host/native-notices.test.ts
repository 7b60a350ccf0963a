import { expect, it } from 'vitest';
import { withoutNativeNotices } from '../../../src/host/native-notices.ts';

it('leaves out what TensorFlow prints as it loads, and nothing else', () => {
  const text = [
    'before',
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
    'I0000 00:00:1795471995.028870    4083 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results.',
    'W0000 00:00:1795690599.312773   24323 gpu_bfc_allocator.cc:47] Overriding orig_value setting because the TF_FORCE_GPU_ALLOW_GROWTH environment variable is set. Original config value was false.',
    'WARNING: something that matters',
    '',
  ].join('\n');
  expect(withoutNativeNotices(text)).toBe('before\nWARNING: something that matters\n');
});
