// Makes the kernels of table rows operations of TensorFlow, for its processor device, as operations.cc does the others.
#include "chosen.h"
#include "operation.h"

namespace pretext {
namespace {

struct RowPartsAttributes {
  std::vector<int64_t> numbers, categories, sizes;
  float limit = 0;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    readList(construction, "numbers", numbers, status);
    readList(construction, "categories", categories, status);
    readList(construction, "sizes", sizes, status);
    if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrFloat(construction, "limit", &limit, status);
  }
};

void requireRange(int64_t found, int64_t count, const char* what) {
  if (found >= 0 && found < count) return;
  throw Failure{std::string(what) + " must be from 0 to " + std::to_string(count - 1) +
                ". Found: " + std::to_string(found) + "."};
}

void rowParts(Call& call, const RowPartsAttributes& attributes) {
  const Tensor x = call.input(0);
  requireMatrix(x, "x");
  const int64_t rows = x.length(0), width = x.length(1);
  const int64_t numbers = attributes.numbers.size(), categories = attributes.categories.size();
  requireEqual(attributes.sizes.size(), categories, "The number of sizes");
  for (const auto* places : {&attributes.numbers, &attributes.categories})
    for (const int64_t place : *places) requireRange(place, width, "The place of a column");
  const Tensor told = call.output(0, {rows, 2 * numbers}), codes = call.output(1, {rows, categories}, TF_INT32);
  kernelsOf(kUsualChannels).partRows({rows, width, x.data(), attributes.numbers, attributes.categories,
                                      attributes.sizes, attributes.limit},
                                     told.data(), codes.integers());
}

struct ReplaceAttributes {
  int64_t count = 0;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    TF_OpKernelConstruction_GetAttrInt64(construction, "count", &count, status);
  }
};

void replaceCells(Call& call, const ReplaceAttributes& attributes) {
  const Tensor x = call.input(0), draws = call.input(1), sources = call.input(2), picked = call.input(3);
  requireMatrix(x, "x");
  requireMatrix(sources, "The rows that values are taken from");
  const int64_t rows = x.length(0), width = x.length(1);
  requireEqual(draws.count(), x.count(), "The number of draws");
  requireEqual(picked.count(), x.count(), "The number of rows picked");
  requireEqual(sources.length(1), width, "The columns of the rows that values are taken from");
  requireRange(attributes.count, width + 1, "The number of cells of a row that are replaced");
  const int64_t cells = picked.count(), from = sources.length(0);
  const int32_t* source = picked.integers();
  for (int64_t cell = 0; cell < cells; cell++) requireRange(source[cell], from, "A row picked");
  const Tensor y = call.output(0, x.shape()), replaced = call.output(1, x.shape());
  kernelsOf(kUsualChannels).replaceCells({rows, width, x.data(), draws.data(), attributes.count, sources.data(),
                                          picked.integers()},
                                         y.data(), replaced.data());
}

struct CategoryDenseAttributes {
  unsigned char rectified = 0;
  std::vector<int64_t> sizes;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    TF_OpKernelConstruction_GetAttrBool(construction, "rectified", &rectified, status);
    readList(construction, "sizes", sizes, status);
  }
};

CategoryDenseInput categoryDenseOf(const CategoryDenseAttributes& attributes, const Tensor& x, const Tensor& codes,
                                   const Tensor& table, const Tensor& kernel) {
  requireMatrix(x, "x");
  requireMatrix(codes, "The codes");
  requireMatrix(table, "The table");
  requireMatrix(kernel, "The kernel");
  const int64_t columns = attributes.sizes.size(), rows = x.length(0), size = table.length(1);
  requireEqual(codes.length(0), rows, "The rows of the codes");
  requireEqual(codes.length(1), columns, "The columns of the codes");
  int64_t entries = 0;
  for (const int64_t count : attributes.sizes) entries += count;
  requireEqual(table.length(0), entries, "The rows of the table");
  requireEqual(kernel.length(0), x.length(1) + columns * size, "The kernel's inputs");
  const int32_t* code = codes.integers();
  for (int64_t row = 0; row < rows; row++)
    for (const int64_t count : attributes.sizes) requireRange(*code++, count, "A code");
  return {rows,     x.length(1),      kernel.length(1), entries,       size,    attributes.sizes,
          x.data(), codes.integers(), table.data(),     kernel.data(), nullptr, nullptr,
          nullptr,  attributes.rectified != 0};
}

void categoryDense(Call& call, const CategoryDenseAttributes& attributes) {
  const Tensor x = call.input(0), codes = call.input(1), table = call.input(2), kernel = call.input(3),
               bias = call.input(4);
  CategoryDenseInput in = categoryDenseOf(attributes, x, codes, table, kernel);
  requireEqual(bias.count(), in.out, "The size of the bias");
  in.bias = bias.data();
  const Tensor y = call.output(0, {in.rows, in.out});
  kernelsOf(kUsualChannels).categoryDense(in, y.data());
}

void categoryDenseGradient(Call& call, const CategoryDenseAttributes& attributes) {
  const Tensor dy = call.input(0), y = call.input(1), x = call.input(2), codes = call.input(3), table = call.input(4),
               kernel = call.input(5);
  CategoryDenseInput in = categoryDenseOf(attributes, x, codes, table, kernel);
  requireEqual(dy.count(), in.rows * in.out, "The size of dy");
  requireEqual(y.count(), dy.count(), "The size of y");
  in.dy = dy.data();
  in.y = y.data();
  const Tensor dKernel = call.output(0, kernel.shape()), dBias = call.output(1, {in.out}),
               dTable = call.output(2, table.shape());
  kernelsOf(kUsualChannels).categoryDenseGradient(in, {dKernel.data(), dBias.data(), dTable.data()});
}

void categoryDenseShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  setSides(context, 0, {{0, 0}, {3, 1}}, status);
}

void likeRowsShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  for (int output = 0; output < 2 && TF_GetCode(status) == TF_OK; output++)
    setSides(context, output, {{0, 0}, {0, 1}}, status);
}

/** Only on processors that have the kernels: elsewhere TensorFlow does not know the operations. */
bool registerAll() {
  if (!kernelsFor(kUsualChannels)) return false;
  const std::vector<const char*> parts = {"numbers: list(int)", "categories: list(int)", "sizes: list(int)",
                                          "limit: float"};
  const std::vector<const char*> mixed = {"rectified: bool", "sizes: list(int)"};
  return registerOperation<RowPartsAttributes, rowParts>(
             {"PretextRowParts", {"x: float"}, {"told: float", "codes: int32"}, parts}) &&
         registerOperation<ReplaceAttributes, replaceCells>(
             {"PretextReplaceCells",
              {"x: float", "draws: float", "sources: float", "picked: int32"},
              {"y: float", "replaced: float"},
              {"count: int"},
              likeRowsShape}) &&
         registerOperation<CategoryDenseAttributes, categoryDense>(
             {"PretextCategoryDense",
              {"x: float", "codes: int32", "table: float", "kernel: float", "bias: float"},
              {"y: float"},
              mixed,
              categoryDenseShape}) &&
         registerOperation<CategoryDenseAttributes, categoryDenseGradient>(
             {"PretextCategoryDenseGradient",
              {"dy: float", "y: float", "x: float", "codes: int32", "table: float", "kernel: float"},
              {"kernel_gradient: float", "bias_gradient: float", "table_gradient: float"},
              mixed});
}

const bool registered = registerAll();

}  // namespace
}  // namespace pretext
