import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPublic, trimSymbols } from '../../../../build/installers/trim-symbols.mjs';

test.each([
  ['TF_NewStatus', true],
  ['_ZNSt6locale7classicEv', true],
  ['_ZTISt9exception', true],
  ['_ZNKSs4sizeEv', true],
  ['_Znwm', true],
  ['_ZdlPvm', true],
  ['_ZN9__gnu_cxx3fooEv', true],
  ['_ZGVZNSt5thingE1x', true],
  ['_ZN10tensorflow6TensorC1Ev', false],
  ['_ZTVN4absl4CordE', false],
  ['_ZNSt6vectorIN10tensorflow6TensorESaIS1_EED2Ev', false],
])('whether %s could be asked for by others: %s', (name, answer) => expect(isPublic(name)).toBe(answer));

describe.runIf(process.platform === 'linux')('two libraries that ask names of each other', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pretext-trim-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const compile = (...args: string[]) => execFileSync('g++', ['-O1', ...args], { cwd: folder });
  const namesIn = (file: string) =>
    execFileSync('readelf', ['--dyn-syms', '-W', join(folder, file)], {
      encoding: 'utf8',
      // It remarks that names are gone from where it looks for global ones.
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  /** Each function calls the next by its name, as TensorFlow's do; `value` is one of both libraries. */
  function makeLibraries(): void {
    const long = (index: number) => `function_with_a_name_as_long_as_those_of_large_libraries_${index}`;
    const functions = Array.from(
      { length: 400 },
      (_, index) => `int ${long(index)}(int x) { return ${index ? `${long(index - 1)}(x) + 1` : 'x'}; }`,
    );
    const shared =
      'template <class T> struct Box { static int value; }; template <class T> int Box<T>::value = 5;';
    writeFileSync(
      join(folder, 'base.cc'),
      `${shared} namespace base { int* box() { return &Box<long>::value; } int offered(int x) { return x * 2; } }`,
    );
    writeFileSync(
      join(folder, 'main.cc'),
      `${shared} namespace base { int* box(); int offered(int); }
       namespace own { ${functions.join('\n')} }
       extern "C" int answer(int x) { return base::offered(own::${long(399)}(x)); }
       extern "C" int one_of_both() { return &Box<long>::value == base::box() ? *base::box() : -1; }`,
    );
    compile('-shared', '-fPIC', 'base.cc', '-o', 'libbase.so', '-Wl,-soname,libbase.so');
    compile(
      '-shared',
      '-fPIC',
      'main.cc',
      '-o',
      'libmain.so',
      './libbase.so',
      '-Wl,-soname,libmain.so,-rpath,$ORIGIN',
    );
    writeFileSync(
      join(folder, 'program.cc'),
      `#include <cstdio>
       extern "C" int answer(int); extern "C" int one_of_both();
       int main() { std::printf("%d %d", answer(1), one_of_both()); }`,
    );
    compile('program.cc', './libmain.so', './libbase.so', '-Wl,-rpath,$ORIGIN', '-o', 'program');
  }
  const answers = (environment: Record<string, string> = {}) =>
    execFileSync(join(folder, 'program'), { encoding: 'utf8', env: environment });

  test('are smaller and answer the same, bound at once or as they are called', () => {
    makeLibraries();
    expect(answers()).toBe('800 5');
    const files = ['libmain.so', 'libbase.so'].map((name) => join(folder, name));
    copyFileSync(files[0]!, join(folder, 'before.so'));
    const before = statSync(files[0]!).size;
    const saved = trimSymbols(files, [join(folder, 'program')]);
    expect(saved).toBeGreaterThan(16_000);
    expect(before - statSync(files[0]!).size).toBe(saved);
    expect(answers()).toBe('800 5');
    expect(answers({ LD_BIND_NOW: '1' })).toBe('800 5');
    expect(namesIn('before.so')).toContain('as_long_as_those');
    expect(namesIn('libmain.so')).not.toContain('as_long_as_those');
    // What the other library has as well, and what it asks for, keep their names.
    expect(namesIn('libmain.so')).toMatch(/_ZN3BoxIlE5valueE/);
    expect(namesIn('libbase.so')).toMatch(/_ZN4base7offeredEi/);
    // Once more there is nothing to take.
    expect(trimSymbols(files, [join(folder, 'program')])).toBe(0);
  });

  test('that are none are refused', () => {
    writeFileSync(join(folder, 'text'), 'no library, though long enough to hold a header of one');
    expect(() => trimSymbols([join(folder, 'text')], [])).toThrow(/no 64-bit ELF/);
  });
});
