/** Columns out of paths: `{participant}-{session}/{gesture}.txt`. */
import { PretextError } from '../../contract/errors.ts';

export interface PathPattern {
  columns: string[];
  /** The columns of a relative path with slashes, null when it does not fit. */
  match(path: string): Record<string, string> | null;
}

/**
 * A pattern fits the end of a path; each `{name}` takes as little as it can and never a slash; `*` is any text
 * within a name. A `.gz` at the path's end may be missing in the pattern.
 * @throws PretextError `import.path-pattern`
 */
export function compilePathPattern(pattern: string): PathPattern {
  const columns: string[] = [];
  const source = pattern
    .replace(/^\.?\//, '')
    .replace(/\{([^{}]*)\}|\*|[^{}*]+|[{}]/g, (part, name?: string) => {
      if (part === '*') return '[^/]*';
      if (name === undefined) {
        if (part === '{' || part === '}') throw unusable(pattern, `the “${part}” has no partner`);
        return part.replace(/[\\^$.*+?()[\]|]/g, '\\$&');
      }
      if (!/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(name))
        throw unusable(pattern, `“{${name}}” is not a column name`);
      if (columns.includes(name)) throw unusable(pattern, `“{${name}}” occurs twice`);
      columns.push(name);
      return '([^/]+?)';
    });
  if (columns.length === 0) throw unusable(pattern, 'it names no column');
  const expression = new RegExp(`(?:^|/)${source}(?:\\.gz)?$`, 'u');
  return {
    columns,
    match(path) {
      const found = expression.exec(path);
      if (!found) return null;
      return Object.fromEntries(columns.map((name, index) => [name, found[index + 1] ?? '']));
    },
  };
}

function unusable(pattern: string, why: string): PretextError {
  return new PretextError({
    code: 'import.path-pattern',
    message: `The path pattern “${pattern}” cannot be used: ${why}.`,
    place: 'pathPattern',
    remedy: 'Write column names in braces, for example {participant}-{session}/{gesture}.txt',
  });
}
