/** Fields that a sentence mentions by their names in recipes, said as whoever reads it knows them. */

/** `signals.windowLength`, or a name of two words, which no sentence has for another reason. */
const FIELD = /(?<![\w`.-])(?:(?:signals|images|text|options)\.)?([a-z][A-Za-z0-9]*)(?![\w.]*\w)/g;
/** A name of one word where it stands for itself: “(axes)”, “(kinds: left-out)”. */
const ALONE = /\(([a-z]+)(: [^)]*)?\)/g;

/**
 * The text with other words for the fields of an import.
 * @param words of each field by its name: its flag, or its title
 */
export function mentionFields(text: string, words: ReadonlyMap<string, string>): string {
  return text
    .replace(FIELD, (whole, name: string) => {
      const isName = whole !== name || /[A-Z]/.test(name);
      return (isName && words.get(name)) || whole;
    })
    .replace(ALONE, (whole, name: string, value = '') =>
      words.has(name) ? `(${words.get(name)}${value})` : whole,
    );
}
