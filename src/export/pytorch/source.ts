/** What an encoder is in Python. */

/** Python: the classes that an encoder needs, the last of them `Encoder`, made without arguments. */
export interface EncoderSource {
  parts: string[];
  /** Lines of `Encoder.__init__` and of `forward(self, x)`, which returns features [N, F]. */
  setUp: string[];
  forward: string[];
}
