/** Works on many items side by side and gives the results in the items' order. */

/** At most `concurrency` calls of `work` are under way; results wait for their turn. */
export async function* mapInOrder<T, R>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const waiting: Promise<R>[] = [];
  const iterator = items[Symbol.iterator]();
  const start = () => {
    const next = iterator.next();
    if (next.done) return;
    const promise = work(next.value);
    // A failure is thrown when its turn comes; until then it must not count as unhandled.
    promise.catch(() => undefined);
    waiting.push(promise);
  };
  for (let count = 0; count < concurrency; count += 1) start();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const result = await next;
    start();
    yield result;
  }
}
