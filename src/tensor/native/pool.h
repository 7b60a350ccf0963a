// Threads that share the parts of a job with the thread that has it to do.
#pragma once

#include <functional>

namespace pretext {

/** Threads that work on one job: as many as TensorFlow was told to use for one operation. */
int threadCount();

/**
 * Runs `part(0)` to `part(count - 1)`, in any order and on several threads, and returns when all have run.
 * Numbers too small for normal floats are flushed to zero meanwhile.
 */
void inParallel(int count, const std::function<void(int)>& part);

/**
 * In how many parts a sum is taken that must not depend on which thread was first, where every part needs that many
 * bytes of its own.
 */
int partCount(size_t bytes);

/** Memory of the calling thread that lives on between calls, of at least that many floats, aligned to 64 bytes. */
float* scratch(int slot, size_t floats);

}  // namespace pretext
