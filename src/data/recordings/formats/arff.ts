/** `.arff` of the UCR and UEA archives: a case a line; of several channels, in quotes and parted by `\n`. */
import type { ByteSource } from '../bytes.ts';
import { parseValues, recordingOfCases, type Case } from '../cases.ts';
import { FileProblem } from '../../problem.ts';
import { broken, unsupported } from '../problem.ts';
import type { Recording } from '../recording.ts';
import { textLines } from '../text-lines.ts';

export const looksLikeArff = (head: Uint8Array): boolean =>
  /^\s*@relation\b/im.test(Buffer.from(head).toString('utf8'));

interface Heading {
  isRelational: boolean;
  /** The last attribute is the class, or a number to predict. */
  hasLabel: boolean;
  values: number;
}

export async function openArff(source: ByteSource): Promise<Recording> {
  const heading: Heading = { isRelational: false, hasLabel: false, values: 0 };
  const parse = (text: string) => parseCase(text, heading);
  async function* cases() {
    let depth = 0;
    let isData = false;
    for await (const { text, position, bytes } of textLines(source)) {
      const line = text.trim();
      if (line === '' || line.startsWith('%')) continue;
      if (isData) {
        if (line.startsWith('{')) throw unsupported('Its cases are written as sparse, which is not read.');
        yield { position, bytes, parsed: parse(text) };
        continue;
      }
      if (/^@data\b/i.test(line)) isData = true;
      else if (/^@end\b/i.test(line)) depth -= 1;
      else if (/^@attribute\b/i.test(line)) {
        const isNominal = /\{.*\}\s*$/.test(line);
        const isClass = isNominal || /^@attribute\s+['"]?(target|class|label)/i.test(line);
        if (/\srelational\s*$/i.test(line)) {
          heading.isRelational = true;
          depth += 1;
        } else if (depth === 0 && isClass) heading.hasLabel = true;
        else if (depth === 0) heading.values += 1;
      } else if (!/^@relation\b/i.test(line))
        throw new FileProblem('wrong-magic', 'Before @data stands a line that is no heading.');
    }
    if (!isData) throw new FileProblem('wrong-magic', 'The file has no @data.');
  }
  return recordingOfCases('ARFF of the UCR and UEA archives', source, cases(), parse, null);
}

function parseCase(text: string, { isRelational, hasLabel, values }: Heading): Case {
  if (isRelational) {
    const found = /^\s*(["'])(.*)\1\s*(?:,(.*))?$/.exec(text);
    if (!found) throw broken('A case is not in quotes, as those of several channels have to be.');
    const channels = found[2]!
      .split(/\\n|\n/)
      .map((part, index) => parseValues(part, `Channel ${index + 1} of a case`));
    return { channels: sameLength(channels), label: labelOf(hasLabel ? found[3] : undefined) };
  }
  const cells = text.split(',');
  const label = hasLabel ? cells.pop() : undefined;
  if (cells.length !== values)
    throw broken(`A case has ${cells.length} values; the heading names ${values}.`);
  return { channels: sameLength([parseValues(cells.join(','), 'A case')]), label: labelOf(label) };
}

/** Shorter cases are filled up with missing values at their end. */
function sameLength(channels: number[][]): number[][] {
  let last = 0;
  for (const one of channels) last = Math.max(last, one.findLastIndex((value) => !Number.isNaN(value)) + 1);
  return channels.map((one) => one.slice(0, Math.max(1, last)));
}

function labelOf(cell: string | undefined): string | null {
  const text = cell?.trim().replace(/^(['"])(.*)\1$/, '$2') ?? '';
  return text === '' || text === '?' ? null : text;
}
