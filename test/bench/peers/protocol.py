"""The peers' end of a bench worker: one JSON line in, one JSON line out. See test/bench/protocol.ts."""

import json
import os
import resource
import sys
import time

# What libraries print must not stand between the answers.
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


# See test/bench/clock.ts.
BY_PROCESSOR = os.environ.get("PRETEXT_BENCH_CLOCK") == "processor"
now = time.process_time if BY_PROCESSOR else time.perf_counter


def serve(worker):
    """`worker` has start(options) -> dict and run(count)."""
    for line in sys.stdin:
        request = json.loads(line)
        command = request["command"]
        if command == "start":
            answer = worker.start(request["options"])
        elif command == "memory":
            answer = {"peakMiB": peak_mebibytes() + children_mebibytes()}
        else:
            begin = now()
            worker.run(request.get("count", 1))
            answer = {"milliseconds": (now() - begin) * 1000}
        answers.write(json.dumps(answer) + "\n")


def peak_mebibytes():
    if sys.platform == "linux":
        # A process's count of resources begins with what its parent held when it was started.
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def children_mebibytes():
    """Memory that the largest set of living loader processes had to themselves, as last seen."""
    return largest_children


largest_children = 0.0


def note_children():
    """Called while loader workers live: pages that they share with their parent are not counted twice."""
    global largest_children
    total = 0.0
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            children = file.read().split()
        for child in children:
            with open(f"/proc/{child}/smaps_rollup") as file:
                for line in file:
                    if line.startswith(("Private_Clean", "Private_Dirty")):
                        total += int(line.split()[1]) / 1024
    except OSError:
        return
    largest_children = max(largest_children, total)
