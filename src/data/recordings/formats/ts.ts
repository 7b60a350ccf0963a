/** `.ts` of the UCR and UEA archives (sktime, aeon): a case a line, channels parted by colons, the class last. */
import type { ByteSource } from '../bytes.ts';
import { parseValues, recordingOfCases, type Case } from '../cases.ts';
import { FileProblem } from '../../problem.ts';
import { unsupported } from '../problem.ts';
import type { Recording } from '../recording.ts';
import { textLines } from '../text-lines.ts';

/** A text with `@problemName` near its beginning. */
export const looksLikeTs = (head: Uint8Array): boolean =>
  /^\s*@(problemname|timestamps|univariate|classlabel|dimensions)\b/im.test(
    Buffer.from(head).toString('utf8'),
  );

export async function openTs(source: ByteSource): Promise<Recording> {
  const header = new Map<string, string>();
  let hasLabel = false;
  let isData = false;
  const parse = (text: string) => parseCase(text, hasLabel);
  async function* cases() {
    for await (const { text, position, bytes } of textLines(source)) {
      const line = text.trim();
      if (line === '' || line.startsWith('#')) continue;
      if (isData) {
        yield { position, bytes, parsed: parse(text) };
        continue;
      }
      const found = /^@(\w+)\s*(.*)$/.exec(line);
      if (!found) throw new FileProblem('wrong-magic', 'Before @data stands a line that is no heading.');
      const [key, value] = [found[1]!.toLowerCase(), found[2]!.trim()];
      header.set(key, value);
      if (key !== 'data') continue;
      isData = true;
      if (/^true/i.test(header.get('timestamps') ?? ''))
        throw unsupported('Its values carry times (@timeStamps true), which are not read.');
      hasLabel = [header.get('classlabel'), header.get('targetlabel')].some((one) =>
        /^true/i.test(one ?? ''),
      );
    }
    if (!isData) throw new FileProblem('wrong-magic', 'The file has no @data.');
  }
  return recordingOfCases('.ts of the UCR and UEA archives', source, cases(), parse, null);
}

function parseCase(text: string, hasLabel: boolean): Case {
  const parts = text.trim().split(':');
  const label = hasLabel ? parts.pop()!.trim() : '';
  const isUnlabeled = !hasLabel || label === '' || label === '?';
  return {
    channels: parts.map((part, index) => parseValues(part, `Channel ${index + 1} of a case`)),
    label: isUnlabeled ? null : label,
  };
}
