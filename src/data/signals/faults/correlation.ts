/** How much each channel has in common with the one it has most in common with, piece by piece. */

export interface Correlation {
  /** A row that begins at a place of the values. */
  add(values: Float32Array, at: number): void;
  /** @param rows of the piece that ends here @returns of each channel the largest absolute correlation with another */
  end(rows: number): Float32Array;
}

export function createCorrelation(channels: number): Correlation {
  const first = new Float64Array(channels);
  const apart = new Float64Array(channels);
  const sums = new Float64Array(channels);
  const products = new Float64Array(channels * channels);
  let isFirst = true;
  return {
    add(values, at) {
      for (let channel = 0; channel < channels; channel += 1) {
        if (isFirst) first[channel] = values[at + channel]!;
        apart[channel] = values[at + channel]! - first[channel]!;
        sums[channel]! += apart[channel]!;
      }
      isFirst = false;
      for (let one = 0; one < channels; one += 1) {
        const value = apart[one]!;
        for (let other = one, place = one * channels + one; other < channels; other += 1, place += 1)
          products[place]! += value * apart[other]!;
      }
    },
    end(rows) {
      const largest = new Float32Array(channels);
      const covariance = (one: number, other: number) =>
        products[one * channels + other]! - (sums[one]! * sums[other]!) / Math.max(1, rows);
      for (let one = 0; one < channels; one += 1)
        for (let other = one + 1; other < channels; other += 1) {
          const size = Math.sqrt(covariance(one, one) * covariance(other, other));
          const found = size > 0 ? Math.abs(covariance(one, other)) / size : 0;
          largest[one] = Math.max(largest[one]!, found);
          largest[other] = Math.max(largest[other]!, found);
        }
      sums.fill(0);
      products.fill(0);
      isFirst = true;
      return largest;
    },
  };
}
