/** Annotations of a WFDB record (.atr and others) in the format of MIT: words of six bits of code, ten of time. */
import { broken } from '../problem.ts';
import type { RecordedEvent } from '../recording.ts';

/** Mnemonics of the codes, from ecgcodes.h. */
const SYMBOLS = [...' NLRaVFJASEj/Q~\0|\0sT*D"=pB^t+u?![]en@xf()r'];
/** Codes whose text says what they mean: a note, and a change of rhythm. */
const NOTE = 22;
const RHYTHM = 28;
const SKIP = 59;
const AUXILIARY = 63;

/** @param frameRate frames a second, which times are counted in unless the annotations say otherwise */
export function parseWfdbAnnotations(bytes: Buffer, frameRate: number): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  let rate = frameRate;
  let sample = 0;
  let last: { code: number; event: RecordedEvent } | null = null;
  for (let at = 0; at + 2 <= bytes.length;) {
    const word = bytes.readUInt16LE(at);
    at += 2;
    const [code, interval] = [word >> 10, word & 0x3ff];
    if (word === 0) break;
    if (code === SKIP) {
      if (at + 4 > bytes.length) throw broken('The annotations are cut off.');
      // The high half comes first, as a PDP-11 writes it.
      sample += (bytes.readUInt16LE(at) << 16) | bytes.readUInt16LE(at + 2);
      at += 4;
    } else if (code === AUXILIARY) {
      if (at + interval > bytes.length) throw broken('The annotations are cut off in a text.');
      const text = bytes
        .toString('latin1', at, at + interval)
        .replace(/\0+$/, '')
        .trim();
      at += interval + (interval % 2);
      const resolution = /^## time resolution: ([\d.]+)/.exec(text);
      if (resolution && sample === 0) {
        rate = Number(resolution[1]);
        events.pop();
      } else if (last) name(last, text);
    } else if (code < SKIP) {
      sample += interval;
      if (code === 0) continue;
      const event = { seconds: sample / rate, duration: 0, name: symbolOf(code) };
      events.push(event);
      last = { code, event };
    }
  }
  return events;
}

function symbolOf(code: number): string {
  const symbol = SYMBOLS[code];
  return symbol === undefined || symbol === '\0' ? `code ${code}` : symbol;
}

function name({ code, event }: { code: number; event: RecordedEvent }, text: string): void {
  if (text === '') return;
  event.name = code === NOTE || code === RHYTHM ? text : `${event.name} ${text}`;
}
