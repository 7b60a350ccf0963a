// Convolutions of images [batch, height, width, channels] with kernels [height, width, in, out], and their gradients.
#pragma once

#include <cstdint>

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

/** What one kind of processor can do. */
struct ConvolutionKernels {
  /** The channels of what comes out must be a multiple of this, those of a kernel's gradient its outputs. */
  int lanes;
  /** `y` [batch, outHeight, outWidth, out] of `x` [batch, height, width, in]. */
  void (*forward)(const float* x, const float* kernel, float* y, const ConvolutionShape& shape);
  /** `dx` of `dy`. */
  void (*towardsInput)(const float* dy, const float* kernel, float* dx, const ConvolutionShape& shape);
  /** Gradient of the kernel. */
  void (*towardsKernel)(const float* x, const float* dy, float* dKernel, const ConvolutionShape& shape);
};

/** The quickest kernels of this processor for that many channels, or null. */
const ConvolutionKernels* convolutionKernels(int64_t channels);

}  // namespace pretext
