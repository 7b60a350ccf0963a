// A server of TensorFlow in this process, through which its sessions reach those of other processes.
#include "processes.h"

#include <cstring>
#include <string>

#include "operation.h"

namespace pretext {
namespace {

TF_Server* server = nullptr;
std::string sessionConfig;

/** A message of a protocol, written as pairs of hexadecimal digits: attributes are text. */
std::string fromHex(const std::string& digits) {
  std::string bytes;
  for (size_t at = 0; at + 1 < digits.size(); at += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
  return bytes;
}

std::string textOf(TF_OpKernelConstruction* construction, const char* name, TF_Status* status) {
  int32_t list = 0, bytes = 0;
  TF_OpKernelConstruction_GetAttrSize(construction, name, &list, &bytes, status);
  if (TF_GetCode(status) != TF_OK) return "";
  std::string text(bytes, ' ');
  TF_OpKernelConstruction_GetAttrString(construction, name, &text[0], text.size(), status);
  return text;
}

struct ServerAttributes {
  /** Of a tensorflow.ServerDef, and of the tensorflow.ConfigProto of sessions. */
  std::string definition, config;

  void read(TF_OpKernelConstruction* construction, TF_Status* status) {
    definition = fromHex(textOf(construction, "definition", status));
    if (TF_GetCode(status) == TF_OK) config = fromHex(textOf(construction, "config", status));
  }
};

/** Starts the server; from then on every session is one of its. It lives as long as the process. */
void startServer(Call& call, const ServerAttributes& attributes) {
  if (server) throw Failure{"This process has a server already."};
  Status status;
  TF_Server* made = TF_NewServer(attributes.definition.data(), attributes.definition.size(), status.get());
  if (status.good()) TF_ServerStart(made, status.get());
  if (!status.good()) throw Failure{TF_Message(status.get())};
  sessionConfig = attributes.config;
  server = made;
  call.output(0, {0});
}

const bool registered = registerOperation<ServerAttributes, startServer>(
    {"PretextStartServer", {}, {"done: float"}, {"definition: string", "config: string"}});

}  // namespace
}  // namespace pretext

TF_SessionOptions* PretextNewSessionOptions() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  if (!pretext::server) return options;
  pretext::Status status;
  TF_SetTarget(options, TF_ServerTarget(pretext::server));
  TF_SetConfig(options, pretext::sessionConfig.data(), pretext::sessionConfig.size(), status.get());
  return options;
}

TF_Tensor* PretextNewTensor(TF_DataType type, const int64_t* lengths, int rank, void* values, size_t bytes,
                            void (*giveBack)(void*, size_t, void*), void* argument) {
  if (!pretext::server) return TF_NewTensor(type, lengths, rank, values, bytes, giveBack, argument);
  TF_Tensor* tensor = TF_AllocateTensor(type, lengths, rank, bytes);
  std::memcpy(TF_TensorData(tensor), values, bytes);
  giveBack(values, bytes, argument);
  return tensor;
}
