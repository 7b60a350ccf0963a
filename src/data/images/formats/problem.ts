/** Why one image cannot be imported; it becomes an issue of the import and stops nothing. */
export class ImageProblem extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
