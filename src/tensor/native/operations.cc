// Makes the kernels operations of TensorFlow, for its processor device. Loading this library registers them.
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "convolution.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace pretext {
namespace {

class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  TF_Status* get() { return status_; }
  bool good() const { return TF_GetCode(status_) == TF_OK; }

 private:
  TF_Status* status_;
};

class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor = nullptr) : tensor_(tensor) {}
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  Tensor(Tensor&& other) noexcept : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;
  float* data() const { return static_cast<float*>(TF_TensorData(tensor_)); }
  int rank() const { return TF_NumDims(tensor_); }
  int64_t length(int axis) const { return TF_Dim(tensor_, axis); }

 private:
  TF_Tensor* tensor_;
};

struct Failure {
  std::string words;
};

/** One run of an operation: its inputs, and the memory of its output. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context) {}

  Tensor input(int index) {
    Status status;
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status.get());
    if (!status.good()) throw Failure{TF_Message(status.get())};
    return Tensor(tensor);
  }

  Tensor output(const std::vector<int64_t>& shape) {
    Status status;
    size_t bytes = sizeof(float);
    for (const int64_t length : shape) bytes *= length;
    TF_Tensor* tensor = TF_AllocateOutput(context_, 0, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes,
                                          status.get());
    if (!status.good()) throw Failure{TF_Message(status.get())};
    return Tensor(tensor);
  }

 private:
  TF_OpKernelContext* context_;
};

std::string shapeOf(const Tensor& tensor) {
  std::string words = "[";
  for (int axis = 0; axis < tensor.rank(); axis++)
    words += (axis ? ", " : "") + std::to_string(tensor.length(axis));
  return words + "]";
}

void requireImages(const Tensor& tensor, const char* name) {
  if (tensor.rank() == 4) return;
  throw Failure{std::string(name) + " must be [batch, height, width, channels]. Found: " + shapeOf(tensor) + "."};
}

void requireEqual(int64_t found, int64_t wanted, const char* what) {
  if (found == wanted) return;
  throw Failure{std::string(what) + " must be " + std::to_string(wanted) + ". Found: " + std::to_string(found) + "."};
}

/** Two numbers for height and width, from an operation's attribute. */
struct Pair {
  int64_t values[2] = {0, 0};
};

struct Attributes {
  Pair strides, before, size;
};

void* readAttributes(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes();
  const std::pair<const char*, Pair*> wanted[] = {
      {"strides", &attributes->strides}, {"before", &attributes->before}, {"size", &attributes->size}};
  for (const auto& [name, pair] : wanted) {
    Status status;
    TF_OpKernelConstruction_GetAttrInt64List(construction, name, pair->values, 2, status.get());
    if (status.good()) continue;
    TF_OpKernelConstruction_Failure(construction, status.get());
    break;
  }
  return attributes;
}

void deleteAttributes(void* attributes) { delete static_cast<Attributes*>(attributes); }

ConvolutionShape shapeOf(const Attributes& attributes) {
  ConvolutionShape shape;
  for (int axis = 0; axis < 2; axis++) {
    shape.strides[axis] = attributes.strides.values[axis];
    shape.before[axis] = attributes.before.values[axis];
    if (shape.strides[axis] < 1) throw Failure{"Strides must be 1 or more."};
    if (attributes.size.values[axis] < 0) throw Failure{"A size must be 0 or more."};
  }
  return shape;
}

const ConvolutionKernels& kernelsFor(int64_t channels) {
  const ConvolutionKernels* kernels = convolutionKernels(channels);
  if (kernels) return *kernels;
  throw Failure{"There is no kernel for " + std::to_string(channels) + " channels on this processor."};
}

void forward(Call& call, const Attributes& attributes) {
  const Tensor x = call.input(0), kernel = call.input(1);
  requireImages(x, "x");
  requireImages(kernel, "The kernel");
  requireEqual(kernel.length(2), x.length(3), "The kernel's inputs");
  ConvolutionShape shape = shapeOf(attributes);
  shape.batch = x.length(0), shape.height = x.length(1), shape.width = x.length(2), shape.in = x.length(3);
  shape.kernelHeight = kernel.length(0), shape.kernelWidth = kernel.length(1), shape.out = kernel.length(3);
  shape.outHeight = attributes.size.values[0], shape.outWidth = attributes.size.values[1];
  const Tensor y = call.output({shape.batch, shape.outHeight, shape.outWidth, shape.out});
  kernelsFor(shape.out).forward(x.data(), kernel.data(), y.data(), shape);
}

void towardsInput(Call& call, const Attributes& attributes) {
  const Tensor dy = call.input(0), kernel = call.input(1);
  requireImages(dy, "dy");
  requireImages(kernel, "The kernel");
  requireEqual(kernel.length(3), dy.length(3), "The kernel's outputs");
  ConvolutionShape shape = shapeOf(attributes);
  shape.batch = dy.length(0), shape.outHeight = dy.length(1), shape.outWidth = dy.length(2), shape.out = dy.length(3);
  shape.kernelHeight = kernel.length(0), shape.kernelWidth = kernel.length(1), shape.in = kernel.length(2);
  shape.height = attributes.size.values[0], shape.width = attributes.size.values[1];
  const Tensor dx = call.output({shape.batch, shape.height, shape.width, shape.in});
  kernelsFor(shape.in).towardsInput(dy.data(), kernel.data(), dx.data(), shape);
}

void towardsKernel(Call& call, const Attributes& attributes) {
  const Tensor x = call.input(0), dy = call.input(1);
  requireImages(x, "x");
  requireImages(dy, "dy");
  requireEqual(dy.length(0), x.length(0), "The batch of dy");
  ConvolutionShape shape = shapeOf(attributes);
  shape.batch = x.length(0), shape.height = x.length(1), shape.width = x.length(2), shape.in = x.length(3);
  shape.outHeight = dy.length(1), shape.outWidth = dy.length(2), shape.out = dy.length(3);
  shape.kernelHeight = attributes.size.values[0], shape.kernelWidth = attributes.size.values[1];
  const Tensor dKernel = call.output({shape.kernelHeight, shape.kernelWidth, shape.in, shape.out});
  kernelsFor(shape.out).towardsKernel(x.data(), dy.data(), dKernel.data(), shape);
}

template <void (*Body)(Call&, const Attributes&)>
void compute(void* attributes, TF_OpKernelContext* context) {
  std::string words;
  try {
    Call call(context);
    return Body(call, *static_cast<const Attributes*>(attributes));
  } catch (const Failure& failure) {
    words = failure.words;
  } catch (const std::exception& error) {
    words = error.what();
  }
  Status status;
  TF_SetStatus(status.get(), TF_INVALID_ARGUMENT, words.c_str());
  TF_OpKernelContext_Failure(context, status.get());
}

/** TensorFlow need not know the shapes beforehand: the program works them out while it traces. */
void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

template <void (*Body)(Call&, const Attributes&)>
bool registerOperation(const char* name, const char* first, const char* second, const char* output) {
  Status status;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  TF_OpDefinitionBuilderAddInput(definition, first);
  TF_OpDefinitionBuilderAddInput(definition, second);
  TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderAddAttr(definition, "strides: list(int) = [1, 1]");
  TF_OpDefinitionBuilderAddAttr(definition, "before: list(int) = [0, 0]");
  TF_OpDefinitionBuilderAddAttr(definition, "size: list(int)");
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, unknownShape);
  TF_RegisterOpDefinition(definition, status.get());
  if (!status.good()) return false;
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", readAttributes, compute<Body>, deleteAttributes);
  TF_RegisterKernelBuilder(name, kernel, status.get());
  return status.good();
}

/** Only on processors that have the kernels: elsewhere TensorFlow does not know the operations. */
bool registerAll() {
  constexpr int kUsualChannels = 16;
  if (!convolutionKernels(kUsualChannels)) return false;
  return registerOperation<forward>("PretextConvolution", "x: float", "kernel: float", "y: float") &&
         registerOperation<towardsInput>("PretextConvolutionTowardsInput", "dy: float", "kernel: float",
                                         "dx: float") &&
         registerOperation<towardsKernel>("PretextConvolutionTowardsKernel", "x: float", "dy: float",
                                          "kernel_gradient: float");
}

const bool registered = registerAll();

}  // namespace
}  // namespace pretext
