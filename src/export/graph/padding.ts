/** Zeros that TensorFlow's padding `SAME` puts before and after a side. */
export function samePadding(side: number, window: number, stride: number): { before: number; after: number } {
  const places = Math.ceil(side / stride);
  const total = Math.max(0, (places - 1) * stride + window - side);
  const before = Math.floor(total / 2);
  return { before, after: total - before };
}
