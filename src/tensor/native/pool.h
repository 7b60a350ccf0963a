// Threads that share the parts of a job with the thread that has it to do.
#pragma once

#include <cstddef>
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

/**
 * Memory for as long as its name is in use, aligned to 64 bytes and not cleared. What is given back is kept for the
 * next one, whichever thread that is in: so there is never more of it than was in use at one time.
 */
class Memory {
 public:
  explicit Memory(size_t floats);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  operator float*() const { return data_; }
  float* data() const { return data_; }

 private:
  float* data_;
  size_t floats_;
};

}  // namespace pretext
