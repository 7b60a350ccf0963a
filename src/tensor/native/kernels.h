// What our own operations compute, apart from how: convolutions of images [batch, height, width, channels] with kernels
// [height, width, in, out], batch normalisation of rows of channels, dense layers, and their gradients; noise; cross-entropy; rows
// of length 1; rows of tables.
#pragma once

#include <cstdint>
#include <vector>

namespace pretext {

struct ConvolutionShape {
  int64_t batch, height, width, in, out;
  int64_t kernelHeight = 3, kernelWidth = 3;
  /** Steps along height and width. */
  int64_t strides[2] = {1, 1};
  /** Zeros above and left of the image; what lies behind its other ends counts as zeros too. */
  int64_t before[2] = {1, 1};
  int64_t outHeight, outWidth;
};

struct NormInput {
  int64_t rows, channels;
  /** [rows, channels]; `added` may be null. */
  const float *x, *added;
  const float *scale, *offset, *movingMean, *movingVariance;
  double epsilon, share;
  bool rectified;
};
/** `mean` and `inverse` (of the deviation) are those of the batch; the moving ones have it mixed in. */
struct NormOutput {
  float *y, *movingMean, *movingVariance, *mean, *inverse;
};

struct NormGradientInput {
  int64_t rows, channels;
  const float *dy, *y, *x, *scale, *mean, *inverse;
  bool rectified;
};
/** `dAdded` may be null. `dx`, or else `dAdded`, may lie where `dy` lies. */
struct NormGradientOutput {
  float *dx, *dScale, *dOffset, *dAdded;
};

/** Where a stream of random numbers begins. */
struct NoiseSeed {
  uint32_t key[2], counter[4];
};

struct NoiseInput {
  /** How many samples, of `size` numbers each, whose last axis are channels. */
  int64_t samples, size, channels;
  /** [samples, …, channels]; [samples]; [channels] */
  const float *x, *deviations, *scales;
  NoiseSeed seed;
};

struct ViewInput {
  int64_t samples, length, channels;
  /** [samples, length, channels]; [channels]; [samples, channels] */
  const float *x, *means, *factors;
  /** [samples, 2]: first and last place of what is seen, as shares; begin and end of a gap, which may be none. */
  const float *cuts, *gaps;
  /** [samples]; [channels]: as those of NoiseInput. */
  const float *deviations, *scales;
  NoiseSeed seed;
};

struct ChannelsInput {
  int64_t rows, channels;
  /** [rows, channels]; [channels]; [channels] */
  const float *x, *shifts, *factors;
};

struct DenseInput {
  int64_t rows, in, out;
  /** [rows, in]; [in, out]; [out] or null. */
  const float *x, *kernel, *bias;
  /** Whether what is negative becomes zero in the end. */
  bool rectified;
};

struct DenseGradientInput {
  int64_t rows, in, out;
  /** [rows, out]; `y` is what came out, read where it was rectified. */
  const float *dy, *y;
  /** [rows, in], read for the kernel's gradient; [in, out], read for that of x. */
  const float *x, *kernel;
  bool rectified;
};

struct EntropyInput {
  int64_t rows, classes;
  /** [rows, classes] */
  const float* logits;
  /** [rows], each from 0 to classes − 1. */
  const int32_t* ids;
};

struct LengthInput {
  int64_t rows, size;
  /** [rows, size] */
  const float* x;
  /** The least square of a length. */
  float epsilon;
};

struct LengthGradientInput {
  int64_t rows, size;
  /** [rows, size]; [rows, size]; [rows]: what came out. */
  const float *dy, *y, *inverse;
  float epsilon;
};

struct RowPartsInput {
  int64_t rows, width;
  /** [rows, width], NaN where unknown. */
  const float* x;
  /** Where numbers and categories stand in a row, and how many categories each of the latter has. */
  const std::vector<int64_t>&numbers, &categories, &sizes;
  /** The greatest size of a number; 0: any. */
  float limit;
};

struct ReplaceInput {
  int64_t rows, width;
  /** [rows, width]: a row's `count` cells of the greatest draws are replaced. */
  const float *x, *draws;
  int64_t count;
  /** [any, width], and which of them a cell takes its value from, [rows, width]. */
  const float* sources;
  const int32_t* picked;
};

struct CategoryDenseInput {
  int64_t rows, numbers, out;
  /** Rows of the table, each of so many numbers. */
  int64_t entries, size;
  /** How many rows of the table each column of categories has. */
  const std::vector<int64_t>& sizes;
  /** [rows, numbers]; [rows, columns], each from 0 to its column's size − 1; [entries, size]. */
  const float* x;
  const int32_t* codes;
  const float* table;
  /** [numbers + columns · size, out]; [out], read forward. */
  const float *kernel, *bias;
  /** [rows, out], read for gradients; `y` is what came out. */
  const float *dy, *y;
  bool rectified;
};
struct CategoryDenseGradients {
  float *kernel, *bias, *table;
};

/** What one kind of processor can do. */
struct Kernels {
  /** The channels of what comes out must be a multiple of this, those of a kernel's gradient its outputs. */
  int lanes;
  /** `y` [batch, outHeight, outWidth, out] of `x` [batch, height, width, in]. */
  void (*forward)(const float* x, const float* kernel, float* y, const ConvolutionShape& shape);
  /** `dx` of `dy`. */
  void (*towardsInput)(const float* dy, const float* kernel, float* dx, const ConvolutionShape& shape);
  /** Gradient of the kernel. */
  void (*towardsKernel)(const float* x, const float* dy, float* dKernel, const ConvolutionShape& shape);
  void (*norm)(const NormInput& in, const NormOutput& out);
  void (*normGradient)(const NormGradientInput& in, const NormGradientOutput& out);
  /** `y` = x + deviation of the sample · scale of the channel · a normal number; it may lie where x lies. */
  void (*noise)(const NoiseInput& in, float* y);
  /** A view of each window, see view.h. */
  void (*signalView)(const ViewInput& in, float* y);
  /** `y` [rows, channels] = (x − shift) · factor; it may lie where x lies. Any number of channels. */
  void (*scaleChannels)(const ChannelsInput& in, float* y);
  /** `y` [rows, out] = x · kernel + bias, rectified or not. Any numbers of inputs and outputs. */
  void (*dense)(const DenseInput& in, float* y);
  void (*denseTowardsInput)(const DenseGradientInput& in, float* dx);
  void (*denseTowardsKernel)(const DenseGradientInput& in, float* dKernel, float* dBias);
  /** `loss` [rows], its gradient [rows, classes], and 1 where the class is the first of the greatest logit, else 0. */
  void (*entropy)(const EntropyInput& in, float* loss, float* gradient, float* right);
  /** `y` [rows, size] of length 1, and `inverse` [rows] of the length; `dx` may lie where `dy` lies. */
  void (*unitRows)(const LengthInput& in, float* y, float* inverse);
  void (*unitRowsGradient)(const LengthGradientInput& in, float* dx);
  /** `told` [rows, 2 · numbers]: numbers, unknown ones 0, then 1 for each unknown; `codes` [rows, categories]. */
  void (*partRows)(const RowPartsInput& in, float* told, int32_t* codes);
  /** `y` [rows, width], and 1 where a cell was `replaced`, else 0. */
  void (*replaceCells)(const ReplaceInput& in, float* y, float* replaced);
  /** `y` [rows, out] = [x, vectors of the codes] · kernel + bias, rectified or not. */
  void (*categoryDense)(const CategoryDenseInput& in, float* y);
  void (*categoryDenseGradient)(const CategoryDenseInput& in, const CategoryDenseGradients& out);
};

/** The quickest kernels of this processor for that many channels, or null. */
const Kernels* kernelsFor(int64_t channels);

}  // namespace pretext
