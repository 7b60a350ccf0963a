// Makes the kernels operations of TensorFlow, for its processor device. Loading this library registers them.
#include "chosen.h"
#include "operation.h"
#include "seed.h"

namespace pretext {
namespace {

/** Two numbers for height and width, from an operation's attribute. */
struct Pair {
  int64_t values[2] = {0, 0};
};

struct ConvolutionAttributes {
  Pair strides, before, size;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    const std::pair<const char*, Pair*> wanted[] = {{"strides", &strides}, {"before", &before}, {"size", &size}};
    for (const auto& [name, pair] : wanted) {
      if (TF_GetCode(status) != TF_OK) return;
      TF_OpKernelConstruction_GetAttrInt64List(construction, name, pair->values, 2, status);
    }
  }
};

ConvolutionShape shapeOf(const ConvolutionAttributes& attributes) {
  ConvolutionShape shape;
  for (int axis = 0; axis < 2; axis++) {
    shape.strides[axis] = attributes.strides.values[axis];
    shape.before[axis] = attributes.before.values[axis];
    if (shape.strides[axis] < 1) throw Failure{"Strides must be 1 or more."};
    if (attributes.size.values[axis] < 0) throw Failure{"A size must be 0 or more."};
  }
  return shape;
}

void forward(Call& call, const ConvolutionAttributes& attributes) {
  const Tensor x = call.input(0), kernel = call.input(1);
  requireImages(x, "x");
  requireImages(kernel, "The kernel");
  requireEqual(kernel.length(2), x.length(3), "The kernel's inputs");
  ConvolutionShape shape = shapeOf(attributes);
  shape.batch = x.length(0), shape.height = x.length(1), shape.width = x.length(2), shape.in = x.length(3);
  shape.kernelHeight = kernel.length(0), shape.kernelWidth = kernel.length(1), shape.out = kernel.length(3);
  shape.outHeight = attributes.size.values[0], shape.outWidth = attributes.size.values[1];
  const Tensor y = call.output(0, {shape.batch, shape.outHeight, shape.outWidth, shape.out});
  kernelsOf(shape.out).forward(x.data(), kernel.data(), y.data(), shape);
}

void towardsInput(Call& call, const ConvolutionAttributes& attributes) {
  const Tensor dy = call.input(0), kernel = call.input(1);
  requireImages(dy, "dy");
  requireImages(kernel, "The kernel");
  requireEqual(kernel.length(3), dy.length(3), "The kernel's outputs");
  ConvolutionShape shape = shapeOf(attributes);
  shape.batch = dy.length(0), shape.outHeight = dy.length(1), shape.outWidth = dy.length(2), shape.out = dy.length(3);
  shape.kernelHeight = kernel.length(0), shape.kernelWidth = kernel.length(1), shape.in = kernel.length(2);
  shape.height = attributes.size.values[0], shape.width = attributes.size.values[1];
  const Tensor dx = call.output(0, {shape.batch, shape.height, shape.width, shape.in});
  kernelsOf(shape.in).towardsInput(dy.data(), kernel.data(), dx.data(), shape);
}

void towardsKernel(Call& call, const ConvolutionAttributes& attributes) {
  const Tensor x = call.input(0), dy = call.input(1);
  requireImages(x, "x");
  requireImages(dy, "dy");
  requireEqual(dy.length(0), x.length(0), "The batch of dy");
  ConvolutionShape shape = shapeOf(attributes);
  shape.batch = x.length(0), shape.height = x.length(1), shape.width = x.length(2), shape.in = x.length(3);
  shape.outHeight = dy.length(1), shape.outWidth = dy.length(2), shape.out = dy.length(3);
  shape.kernelHeight = attributes.size.values[0], shape.kernelWidth = attributes.size.values[1];
  const Tensor dKernel = call.output(0, {shape.kernelHeight, shape.kernelWidth, shape.in, shape.out});
  kernelsOf(shape.out).towardsKernel(x.data(), dy.data(), dKernel.data(), shape);
}

struct NormAttributes {
  float epsilon = 0, share = 1;
  unsigned char rectified = 0, added = 0;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    TF_OpKernelConstruction_GetAttrBool(construction, "rectified", &rectified, status);
    if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrBool(construction, "added", &added, status);
    if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &epsilon, status);
    if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrFloat(construction, "share", &share, status);
  }
};

/** Rows of channels. */
int64_t rowsOf(const Tensor& x, int64_t channels) {
  if (x.rank() < 1 || channels < 1 || x.length(x.rank() - 1) != channels)
    throw Failure{"x must be [..., " + std::to_string(channels) + "]. Found: " + shapeOf(x) + "."};
  return x.count() / channels;
}

void norm(Call& call, const NormAttributes& attributes) {
  const Tensor x = call.input(0), scale = call.input(1), offset = call.input(2), movingMean = call.input(3),
               movingVariance = call.input(4), added = call.input(5);
  const int64_t channels = scale.count(), rows = rowsOf(x, channels);
  for (const Tensor* each : {&offset, &movingMean, &movingVariance})
    requireEqual(each->count(), channels, "The channels of an input");
  if (attributes.added) requireEqual(added.count(), x.count(), "The size of what is added");
  if (rows == 0) throw Failure{"A batch without rows has no mean."};
  const Tensor y = attributes.added ? call.outputIn(5, 0, x.shape()) : call.output(0, x.shape());
  const Tensor outputs[4] = {call.output(1, {channels}), call.output(2, {channels}), call.output(3, {channels}),
                             call.output(4, {channels})};
  kernelsOf(channels).norm({rows, channels, x.data(), attributes.added ? added.data() : nullptr, scale.data(),
                            offset.data(), movingMean.data(), movingVariance.data(), attributes.epsilon,
                            attributes.share, attributes.rectified != 0},
                           {y.data(), outputs[0].data(), outputs[1].data(), outputs[2].data(), outputs[3].data()});
}

void normGradient(Call& call, const NormAttributes& attributes) {
  const Tensor dy = call.input(0), y = call.input(1), x = call.input(2), scale = call.input(3), mean = call.input(4),
               inverse = call.input(5);
  const int64_t channels = scale.count(), rows = rowsOf(x, channels);
  requireEqual(dy.count(), x.count(), "The size of dy");
  if (attributes.rectified) requireEqual(y.count(), x.count(), "The size of y");
  for (const Tensor* each : {&mean, &inverse}) requireEqual(each->count(), channels, "The channels of an input");
  const Tensor dAdded = attributes.added ? call.outputIn(0, 3, x.shape()) : call.output(3, {0});
  const Tensor dx = attributes.added ? call.output(0, x.shape()) : call.outputIn(0, 0, x.shape());
  const Tensor dScale = call.output(1, {channels}), dOffset = call.output(2, {channels});
  kernelsOf(channels).normGradient({rows, channels, dy.data(), y.data(), x.data(), scale.data(), mean.data(),
                                    inverse.data(), attributes.rectified != 0},
                                   {dx.data(), dScale.data(), dOffset.data(),
                                    attributes.added ? dAdded.data() : nullptr});
}

void noise(Call& call, const NoAttributes&) {
  const Tensor x = call.input(0), deviations = call.input(1), scales = call.input(2), seed = call.input(3);
  const int64_t samples = deviations.count(), channels = scales.count();
  if (x.rank() < 2) throw Failure{"x must be [samples, ..., channels]. Found: " + shapeOf(x) + "."};
  requireEqual(samples, x.length(0), "The number of deviations");
  requireEqual(channels, x.length(x.rank() - 1), "The number of scales");
  requireEqual(seed.count(), 2, "The size of the seed");
  const Tensor y = call.outputIn(0, 0, x.shape());
  if (x.count() == 0) return;
  kernelsOf(kUsualChannels).noise({samples, x.count() / samples, channels, x.data(), deviations.data(), scales.data(),
                                   noiseSeed(seed.integers())},
                                  y.data());
}

struct DenseAttributes {
  unsigned char rectified = 0;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    TF_OpKernelConstruction_GetAttrBool(construction, "rectified", &rectified, status);
  }
};

void dense(Call& call, const DenseAttributes& attributes) {
  const Tensor x = call.input(0), kernel = call.input(1), bias = call.input(2);
  requireMatrix(x, "x");
  requireMatrix(kernel, "The kernel");
  requireEqual(kernel.length(0), x.length(1), "The kernel's inputs");
  const int64_t rows = x.length(0), in = x.length(1), out = kernel.length(1);
  if (bias.count() > 0) requireEqual(bias.count(), out, "The size of the bias");
  const Tensor y = call.output(0, {rows, out});
  const float* offset = bias.count() > 0 ? bias.data() : nullptr;
  kernelsOf(kUsualChannels).dense({rows, in, out, x.data(), kernel.data(), offset, attributes.rectified != 0}, y.data());
}

void denseTowardsInput(Call& call, const DenseAttributes& attributes) {
  const Tensor dy = call.input(0), y = call.input(1), kernel = call.input(2);
  requireMatrix(dy, "dy");
  requireMatrix(kernel, "The kernel");
  requireEqual(kernel.length(1), dy.length(1), "The kernel's outputs");
  if (attributes.rectified) requireEqual(y.count(), dy.count(), "The size of y");
  const int64_t rows = dy.length(0), in = kernel.length(0), out = kernel.length(1);
  const Tensor dx = call.output(0, {rows, in});
  kernelsOf(kUsualChannels).denseTowardsInput(
      {rows, in, out, dy.data(), y.data(), nullptr, kernel.data(), attributes.rectified != 0}, dx.data());
}

void denseTowardsKernel(Call& call, const DenseAttributes& attributes) {
  const Tensor dy = call.input(0), y = call.input(1), x = call.input(2);
  requireMatrix(dy, "dy");
  requireMatrix(x, "x");
  requireEqual(dy.length(0), x.length(0), "The rows of dy");
  if (attributes.rectified) requireEqual(y.count(), dy.count(), "The size of y");
  const int64_t rows = x.length(0), in = x.length(1), out = dy.length(1);
  const Tensor dKernel = call.output(0, {in, out}), dBias = call.output(1, {out});
  kernelsOf(kUsualChannels).denseTowardsKernel(
      {rows, in, out, dy.data(), y.data(), x.data(), nullptr, attributes.rectified != 0}, dKernel.data(), dBias.data());
}

void entropy(Call& call, const NoAttributes&) {
  const Tensor logits = call.input(0), ids = call.input(1);
  requireMatrix(logits, "The logits");
  const int64_t rows = logits.length(0), classes = logits.length(1);
  requireEqual(ids.count(), rows, "The number of classes");
  for (int64_t row = 0; row < rows; row++)
    if (ids.integers()[row] < 0 || ids.integers()[row] >= classes)
      throw Failure{"A class must be from 0 to " + std::to_string(classes - 1) + ". Found: " +
                    std::to_string(ids.integers()[row]) + "."};
  const Tensor loss = call.output(0, {rows}), gradient = call.output(1, logits.shape()), right = call.output(2, {rows});
  kernelsOf(kUsualChannels).entropy({rows, classes, logits.data(), ids.integers()}, loss.data(), gradient.data(),
                                    right.data());
}

struct LengthAttributes {
  float epsilon = 0;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &epsilon, status);
  }
};

void unitRows(Call& call, const LengthAttributes& attributes) {
  const Tensor x = call.input(0);
  requireMatrix(x, "x");
  const Tensor y = call.output(0, x.shape()), inverse = call.output(1, {x.length(0), 1});
  kernelsOf(kUsualChannels).unitRows({x.length(0), x.length(1), x.data(), attributes.epsilon}, y.data(), inverse.data());
}

void unitRowsGradient(Call& call, const LengthAttributes& attributes) {
  const Tensor dy = call.input(0), y = call.input(1), inverse = call.input(2);
  requireMatrix(dy, "dy");
  requireEqual(y.count(), dy.count(), "The size of y");
  requireEqual(inverse.count(), dy.length(0), "The number of lengths");
  const Tensor dx = call.outputIn(0, 0, dy.shape());
  kernelsOf(kUsualChannels).unitRowsGradient(
      {dy.length(0), dy.length(1), dy.data(), y.data(), inverse.data(), attributes.epsilon}, dx.data());
}

void denseShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  setSides(context, 0, {{0, 0}, {1, 1}}, status);
}

void denseInputShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  setSides(context, 0, {{0, 0}, {2, 0}}, status);
}

void denseKernelShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  setSides(context, 0, {{2, 1}, {0, 1}}, status);
  if (TF_GetCode(status) == TF_OK) setSides(context, 1, {{0, 1}}, status);
}

void entropyShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  setSides(context, 0, {{0, 0}}, status);
  if (TF_GetCode(status) == TF_OK) setSides(context, 1, {{0, 0}, {0, 1}}, status);
  if (TF_GetCode(status) == TF_OK) setSides(context, 2, {{0, 0}}, status);
}

/** Of the first output alone. */
void likeFirstShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  unknownShape(context, status);
  if (TF_GetCode(status) == TF_OK) setSides(context, 0, {{0, 0}, {0, 1}}, status);
}

/** Only on processors that have the kernels: elsewhere TensorFlow does not know the operations. */
bool registerAll() {
  if (!kernelsFor(kUsualChannels)) return false;
  const std::vector<const char*> placed = {"strides: list(int) = [1, 1]", "before: list(int) = [0, 0]",
                                           "size: list(int)"};
  const std::vector<const char*> normed = {"epsilon: float = 0.00001", "share: float = 1", "rectified: bool",
                                           "added: bool"};
  return registerOperation<ConvolutionAttributes, forward>(
             {"PretextConvolution", {"x: float", "kernel: float"}, {"y: float"}, placed}) &&
         registerOperation<ConvolutionAttributes, towardsInput>(
             {"PretextConvolutionTowardsInput", {"dy: float", "kernel: float"}, {"dx: float"}, placed}) &&
         registerOperation<ConvolutionAttributes, towardsKernel>(
             {"PretextConvolutionTowardsKernel", {"x: float", "dy: float"}, {"kernel_gradient: float"}, placed}) &&
         registerOperation<NormAttributes, norm>(
             {"PretextNorm",
              {"x: float", "scale: float", "offset: float", "moving_mean: float", "moving_variance: float",
               "added_tensor: float"},
              {"y: float", "next_mean: float", "next_variance: float", "mean: float", "inverse: float"},
              normed}) &&
         registerOperation<NormAttributes, normGradient>(
             {"PretextNormGradient",
              {"dy: float", "y: float", "x: float", "scale: float", "mean: float", "inverse: float"},
              {"dx: float", "scale_gradient: float", "offset_gradient: float", "added_gradient: float"},
              normed}) &&
         registerOperation<NoAttributes, noise>(
             {"PretextNoise", {"x: float", "deviations: float", "scales: float", "seed: int32"}, {"y: float"}, {}}) &&
         registerOperation<DenseAttributes, dense>(
             {"PretextDense", {"x: float", "kernel: float", "bias: float"}, {"y: float"}, {"rectified: bool"}, denseShape}) &&
         registerOperation<DenseAttributes, denseTowardsInput>(
             {"PretextDenseTowardsInput", {"dy: float", "y: float", "kernel: float"}, {"dx: float"}, {"rectified: bool"},
              denseInputShape}) &&
         registerOperation<DenseAttributes, denseTowardsKernel>(
             {"PretextDenseTowardsKernel",
              {"dy: float", "y: float", "x: float"},
              {"kernel_gradient: float", "bias_gradient: float"},
              {"rectified: bool"},
              denseKernelShape}) &&
         registerOperation<NoAttributes, entropy>(
             {"PretextEntropy",
              {"logits: float", "ids: int32"},
              {"loss: float", "gradient: float", "right: float"},
              {},
              entropyShape}) &&
         registerOperation<LengthAttributes, unitRows>(
             {"PretextUnitRows", {"x: float"}, {"y: float", "inverse: float"}, {"epsilon: float"}, likeFirstShape}) &&
         registerOperation<LengthAttributes, unitRowsGradient>(
             {"PretextUnitRowsGradient", {"dy: float", "y: float", "inverse: float"}, {"dx: float"}, {"epsilon: float"},
              likeFirstShape});
}

const bool registered = registerAll();

}  // namespace
}  // namespace pretext
