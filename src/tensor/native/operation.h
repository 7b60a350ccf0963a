// What operations of TensorFlow are made of: their inputs, outputs and attributes, and how they are registered.
#pragma once

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace pretext {

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
  int32_t* integers() const { return static_cast<int32_t*>(TF_TensorData(tensor_)); }
  int rank() const { return TF_NumDims(tensor_); }
  int64_t length(int axis) const { return TF_Dim(tensor_, axis); }
  std::vector<int64_t> shape() const {
    std::vector<int64_t> lengths;
    for (int axis = 0; axis < rank(); axis++) lengths.push_back(length(axis));
    return lengths;
  }
  int64_t count() const {
    int64_t product = 1;
    for (int axis = 0; axis < rank(); axis++) product *= length(axis);
    return product;
  }

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

  Tensor output(int index, const std::vector<int64_t>& shape, TF_DataType type = TF_FLOAT) {
    Status status;
    size_t bytes = TF_DataTypeSize(type);
    for (const int64_t length : shape) bytes *= length;
    TF_Tensor* tensor = TF_AllocateOutput(context_, index, type, shape.data(), static_cast<int>(shape.size()), bytes,
                                          status.get());
    if (!status.good()) throw Failure{TF_Message(status.get())};
    return Tensor(tensor);
  }

  /** An output in the memory of an input of the same shape, if nobody else needs that, else in its own. */
  Tensor outputIn(int input, int index, const std::vector<int64_t>& shape) {
    Status status;
    TF_Tensor* tensor = TF_ForwardInputOrAllocateOutput(context_, &input, 1, index, shape.data(),
                                                        static_cast<int>(shape.size()), nullptr, status.get());
    if (!status.good()) throw Failure{TF_Message(status.get())};
    return Tensor(tensor);
  }

 private:
  TF_OpKernelContext* context_;
};

inline std::string shapeOf(const Tensor& tensor) {
  std::string words = "[";
  for (int axis = 0; axis < tensor.rank(); axis++)
    words += (axis ? ", " : "") + std::to_string(tensor.length(axis));
  return words + "]";
}

inline void requireImages(const Tensor& tensor, const char* name) {
  if (tensor.rank() == 4) return;
  throw Failure{std::string(name) + " must be [batch, height, width, channels]. Found: " + shapeOf(tensor) + "."};
}

inline void requireMatrix(const Tensor& tensor, const char* name) {
  if (tensor.rank() != 2) throw Failure{std::string(name) + " must have two axes. Found: " + shapeOf(tensor) + "."};
}

inline void requireEqual(int64_t found, int64_t wanted, const char* what) {
  if (found == wanted) return;
  throw Failure{std::string(what) + " must be " + std::to_string(wanted) + ". Found: " + std::to_string(found) + "."};
}

/** Runs the body of an operation; a failure becomes TensorFlow's. */
template <typename Attributes, void (*Body)(Call&, const Attributes&)>
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

/** Reads the attributes of a node, by `Attributes::read`. */
template <typename Attributes>
void* readAttributes(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes();
  Status status;
  attributes->read(construction, status.get());
  if (!status.good()) TF_OpKernelConstruction_Failure(construction, status.get());
  return attributes;
}

template <typename Attributes>
void deleteAttributes(void* attributes) {
  delete static_cast<Attributes*>(attributes);
}

struct NoAttributes {
  void read(TF_OpKernelConstruction*, TF_Status*) {}
};

/** A list of whole numbers, from an operation's attribute. */
inline void readList(TF_OpKernelConstruction* construction, const char* name, std::vector<int64_t>& list,
                     TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) return;
  int32_t count = 0, bytes = 0;
  TF_OpKernelConstruction_GetAttrSize(construction, name, &count, &bytes, status);
  if (TF_GetCode(status) != TF_OK) return;
  list.resize(std::max(count, 0));
  TF_OpKernelConstruction_GetAttrInt64List(construction, name, list.data(), count, status);
}

/** TensorFlow need not know the shapes beforehand: the program works them out while it traces. */
inline void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

/** An axis of an input. */
struct Side {
  int input, axis;
};

/** Gives an output the lengths of axes of inputs, which are matrices. */
inline void setSides(TF_ShapeInferenceContext* context, int output, const std::vector<Side>& sides, TF_Status* status) {
  struct Shape {
    TF_ShapeHandle* handle = TF_NewShapeHandle();
    ~Shape() { TF_DeleteShapeHandle(handle); }
  } whole;
  for (size_t at = 0; at < sides.size(); at++) {
    Shape input, matrix, side, longer;
    const auto good = [status] { return TF_GetCode(status) == TF_OK; };
    TF_ShapeInferenceContextGetInput(context, sides[at].input, input.handle, status);
    if (good()) TF_ShapeInferenceContextWithRank(context, input.handle, 2, matrix.handle, status);
    const int64_t axis = sides[at].axis;
    if (good()) TF_ShapeInferenceContextSubshape(context, matrix.handle, axis, axis + 1, side.handle, status);
    if (good() && at > 0)
      TF_ShapeInferenceContextConcatenateShapes(context, whole.handle, side.handle, longer.handle, status);
    if (!good()) return;
    std::swap(whole.handle, at > 0 ? longer.handle : side.handle);
  }
  TF_ShapeInferenceContextSetOutput(context, output, whole.handle, status);
}

struct Signature {
  const char* name;
  std::vector<const char*> inputs, outputs, attributes;
  /** Left out where no operation of TensorFlow's that follows asks for the rank. */
  void (*shape)(TF_ShapeInferenceContext*, TF_Status*) = unknownShape;
};

/** Whether TensorFlow took it. */
template <typename Attributes, void (*Body)(Call&, const Attributes&)>
bool registerOperation(const Signature& signature) {
  Status status;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(signature.name);
  for (const char* input : signature.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : signature.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  for (const char* attribute : signature.attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, signature.shape);
  TF_RegisterOpDefinition(definition, status.get());
  if (!status.good()) return false;
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(signature.name, "CPU", readAttributes<Attributes>,
                                                 compute<Attributes, Body>, deleteAttributes<Attributes>);
  TF_RegisterKernelBuilder(signature.name, kernel, status.get());
  return status.good();
}

}  // namespace pretext
