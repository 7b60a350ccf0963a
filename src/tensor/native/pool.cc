#include "pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#if defined(__SSE2__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace pretext {
namespace {

/**
 * How long a thread that has nothing to do looks out for the next operation of a chain before it sleeps: to be woken
 * takes longer than most operations between two of ours, above all on virtual machines.
 */
constexpr std::chrono::microseconds kPatience(400);
/** Looks between two offers of the core to other threads. */
constexpr int kLooks = 32;

void pause() {
#if defined(__SSE2__) || defined(_M_X64)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/** Returns when it is so, or, with bounds, when patience is at its end. */
template <typename Condition>
void lookUntil(Condition isSo, bool bounded) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    for (int look = 0; look < kLooks; look++) {
      if (isSo()) return;
      pause();
    }
    if (bounded && std::chrono::steady_clock::now() > end) return;
    std::this_thread::yield();
  }
}

/** Denormal numbers take a hundred times as long as others. */
class FlushDenormals {
 public:
#if defined(__SSE2__) || defined(_M_X64)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#elif defined(__aarch64__)
  FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" ::"r"(before_ | (1ull << 24)));
  }
  ~FlushDenormals() { asm volatile("msr fpcr, %0" ::"r"(before_)); }

 private:
  unsigned long before_;
#endif
};

struct Job {
  const std::function<void(int)>* part;
  int count;
  std::atomic<int> next{0};
  std::atomic<int> left;
  /** Threads of the pool that still look at this job. */
  std::atomic<int> visitors{0};

  void work() {
    FlushDenormals flush;
    for (int index = next++; index < count; index = next++) {
      (*part)(index);
      left--;
    }
  }
};

/**
 * TensorFlow computes several operations side by side where it can: each has a thread then, and none needs help. The
 * pool's threads only fill the cores that are left over.
 */
class Pool {
 public:
  explicit Pool(int threads) : threads_(threads) {
    for (int index = 1; index < threads; index++) std::thread([this] { serve(); }).detach();
  }

  void run(Job& job) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push_back(&job);
      working_++;
    }
    if (sleeping_ > 0 && working_ < threads_) wake_.notify_one();
    job.work();
    bool others;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.erase(std::find(jobs_.begin(), jobs_.end(), &job));
      working_--;
      others = !jobs_.empty();
    }
    // Another job may have been left alone for want of a core.
    if (others && sleeping_ > 0) wake_.notify_one();
    lookUntil([&job] { return job.left <= 0 && job.visitors <= 0; }, false);
  }

 private:
  void serve() {
    for (;;) {
      lookUntil([this] { return working_ > 0; }, true);
      Job* job = nullptr;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        sleeping_++;
        wake_.wait(lock, [this, &job] { return working_ < threads_ && (job = unfinished()) != nullptr; });
        sleeping_--;
        working_++;
        job->visitors++;
      }
      job->work();
      working_--;
      job->visitors--;
    }
  }

  /** A job with parts that nobody has begun; the one with the fewest helpers. */
  Job* unfinished() {
    Job* best = nullptr;
    for (Job* job : jobs_) {
      if (job->next >= job->count) continue;
      if (!best || job->visitors < best->visitors) best = job;
    }
    return best;
  }

  const int threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job*> jobs_;
  /** Threads that compute parts, those of TensorFlow among them. */
  std::atomic<int> working_{0};
  std::atomic<int> sleeping_{0};
};

/** Never destroyed: its threads run until the process ends. */
Pool& pool() {
  static Pool* instance = new Pool(threadCount());
  return *instance;
}

struct Block {
  float* data;
  size_t floats;
};

class Store {
 public:
  /** The smallest block that is large enough; else a new one in place of the largest that was not. */
  Block take(size_t floats) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto best = blocks_.end(), largest = blocks_.end();
      for (auto block = blocks_.begin(); block != blocks_.end(); ++block) {
        if (block->floats >= floats && (best == blocks_.end() || block->floats < best->floats)) best = block;
        if (largest == blocks_.end() || block->floats > largest->floats) largest = block;
      }
      if (best != blocks_.end()) {
        const Block found = *best;
        blocks_.erase(best);
        return found;
      }
      if (largest != blocks_.end()) {
        std::free(largest->data);
        blocks_.erase(largest);
      }
    }
    const size_t bytes = (floats * sizeof(float) + 63) / 64 * 64;
    auto* data = static_cast<float*>(std::aligned_alloc(64, bytes));
    if (!data) throw std::bad_alloc();
    return {data, bytes / sizeof(float)};
  }

  void give(Block block) {
    std::lock_guard<std::mutex> lock(mutex_);
    blocks_.push_back(block);
  }

 private:
  std::mutex mutex_;
  std::vector<Block> blocks_;
};

Store& store() {
  static Store* instance = new Store();
  return *instance;
}

}  // namespace

int threadCount() {
  static const int count = [] {
    const char* own = std::getenv("PRETEXT_KERNEL_THREADS");
    const char* told = own ? own : std::getenv("TF_NUM_INTRAOP_THREADS");
    const int number = told ? std::atoi(told) : 0;
    return number > 0 ? number : static_cast<int>(std::thread::hardware_concurrency());
  }();
  return count > 0 ? count : 1;
}

void inParallel(int count, const std::function<void(int)>& part) {
  if (count <= 0) return;
  Job job;
  job.part = &part;
  job.count = count;
  job.left = count;
  if (count == 1 || threadCount() == 1) job.work();
  else pool().run(job);
}

int partCount(size_t bytes) {
  // Many parts, so that a thread that comes late still finds some, unless their sums leave the caches.
  constexpr size_t kMuch = 2 << 20;
  const int threads = threadCount();
  const int affordable = static_cast<int>(std::min<size_t>(8, kMuch / std::max<size_t>(1, bytes * threads)));
  return threads * std::max(bytes > kMuch ? 1 : 2, affordable);
}

Memory::Memory(size_t floats) {
  const Block block = store().take(floats);
  data_ = block.data;
  floats_ = block.floats;
}

Memory::~Memory() { store().give({data_, floats_}); }

}  // namespace pretext
