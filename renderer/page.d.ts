/**
 * Of ES2023 the page may use what Chromium 108 has, on which it is tested: not `toSorted`, `toReversed`, `toSpliced`
 * and `with`. The compiler lowers syntax, and adds no methods.
 */
interface Array<T> {
  findLast(predicate: (value: T, index: number, all: T[]) => unknown): T | undefined;
  findLastIndex(predicate: (value: T, index: number, all: T[]) => unknown): number;
}
interface ReadonlyArray<T> {
  findLast(predicate: (value: T, index: number, all: readonly T[]) => unknown): T | undefined;
  findLastIndex(predicate: (value: T, index: number, all: readonly T[]) => unknown): number;
}
interface Float32Array {
  findLast(predicate: (value: number, index: number) => unknown): number | undefined;
}
