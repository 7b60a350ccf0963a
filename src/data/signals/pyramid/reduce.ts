/** Smallest and largest values of rows, or of blocks of them. */

/**
 * @param values [rows, channels]
 * @returns [blocks, channels, 2]; the last block may hold fewer rows
 */
export function reduceRows(values: Float32Array, channels: number, rowsPerBlock: number): Float32Array {
  const rows = values.length / channels;
  const result = emptyBlocks(Math.ceil(rows / rowsPerBlock), channels);
  for (let row = 0, at = 0; row < rows; row += 1) {
    const begin = Math.floor(row / rowsPerBlock) * channels * 2;
    for (let place = begin; place < begin + channels * 2; place += 2, at += 1) {
      const value = values[at]!;
      if (value < result[place]!) result[place] = value;
      if (value > result[place + 1]!) result[place + 1] = value;
    }
  }
  return result;
}

/** The same of blocks that are made of so many others: [blocks, channels, 2] in and out. */
export function reduceBlocks(blocks: Float32Array, channels: number, perBlock: number): Float32Array {
  const count = blocks.length / channels / 2;
  const result = emptyBlocks(Math.ceil(count / perBlock), channels);
  for (let block = 0, at = 0; block < count; block += 1) {
    const begin = Math.floor(block / perBlock) * channels * 2;
    for (let place = begin; place < begin + channels * 2; place += 2, at += 2) {
      if (blocks[at]! < result[place]!) result[place] = blocks[at]!;
      if (blocks[at + 1]! > result[place + 1]!) result[place + 1] = blocks[at + 1]!;
    }
  }
  return result;
}

function emptyBlocks(count: number, channels: number): Float32Array {
  const result = new Float32Array(count * channels * 2);
  for (let at = 0; at < result.length; at += 2) {
    result[at] = Infinity;
    result[at + 1] = -Infinity;
  }
  return result;
}
