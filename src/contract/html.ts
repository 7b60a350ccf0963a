/** HTML as values: whatever is put into a template is text, unless it is HTML itself. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | null | undefined | false | readonly Part[];

/** html`<p>${text}</p>`: text is escaped, lists are joined, nothing is left out but null, undefined and false. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const filled = strings.map((text, index) => text + (index < parts.length ? written(parts[index]) : ''));
  return { html: filled.join('') };
}

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (Array.isArray(part)) return part.map(written).join('');
  return typeof part === 'object' ? (part as Html).html : escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!);
