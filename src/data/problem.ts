/** Why one file or sample cannot be used: it becomes an issue of the import and stops nothing. */
export class FileProblem extends Error {
  /** A word or two by which issues are counted: `broken`, `empty`, `unsupported`. */
  readonly reason: string;
  /** @param message what was found, and what to do */
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
