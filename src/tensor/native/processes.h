// Sessions that compute together with those of other processes.
//
// The addon opens sessions and makes tensors by TensorFlow's C functions; its sources are compiled so that they call
// the ones here instead (build/setup/addon.mjs). As long as no server was started these do what TensorFlow's do.
#pragma once

#include "tensorflow/c/c_api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Options that lead to this process's server, where there is one. */
TF_SessionOptions* PretextNewSessionOptions(void);

/**
 * A tensor around the caller's memory; where there is a server, of a copy: it gives memory back from threads of its
 * own, and JavaScript's may be given back on the main thread only.
 */
TF_Tensor* PretextNewTensor(TF_DataType type, const int64_t* lengths, int rank, void* values, size_t bytes,
                            void (*giveBack)(void* values, size_t bytes, void* argument), void* argument);

#ifdef __cplusplus
}
#endif
