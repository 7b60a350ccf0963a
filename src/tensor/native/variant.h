// What a variant offers. Included last by its file.
#pragma once

#include "dense.h"
#include "direct.h"
#include "entropy.h"
#include "length.h"
#include "lines.h"
#include "noise.h"
#include "norm.h"
#include "rows.h"
#include "view.h"
#include "winograd.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Whether a convolution is one of those that Winograd's algorithm is for. */
bool isMinimal(const ConvolutionShape& shape) {
  return shape.kernelHeight == 3 && shape.kernelWidth == 3 && shape.strides[0] == 1 && shape.strides[1] == 1 &&
         shape.before[0] == 1 && shape.before[1] == 1 && shape.outHeight == shape.height &&
         shape.outWidth == shape.width && shape.in % kLanes == 0 && shape.out % kLanes == 0;
}

void forward(const float* x, const float* kernel, float* y, const ConvolutionShape& shape) {
  if (isMinimal(shape)) return winogradForward(x, kernel, y, shape);
  (isAlongLines(shape, shape.in * shape.strides[1]) ? lineForward : directForward)(x, kernel, y, shape);
}
void towardsInput(const float* dy, const float* kernel, float* dx, const ConvolutionShape& shape) {
  if (isMinimal(shape)) return winogradTowardsInput(dy, kernel, dx, shape);
  (isAlongLines(shape, shape.out) ? lineTowardsInput : directTowardsInput)(dy, kernel, dx, shape);
}
void towardsKernel(const float* x, const float* dy, float* dKernel, const ConvolutionShape& shape) {
  if (isMinimal(shape)) return winogradTowardsKernel(x, dy, dKernel, shape);
  (isAlongLines(shape, shape.in * shape.strides[1]) ? lineTowardsKernel : directTowardsKernel)(x, dy, dKernel, shape);
}

}  // namespace

extern const Kernels kernels;
const Kernels kernels = {kLanes,   forward,      towardsInput,      towardsKernel,      normForward, normBackward,
                         addNoise, signalView, scaleChannels, denseForward, denseTowardsInput, denseTowardsKernel, classEntropy,   unitRows,
                         unitRowsGradient, partRows, replaceCells, categoryDense, categoryDenseGradient};

}  // namespace PRETEXT_VARIANT
}  // namespace pretext
