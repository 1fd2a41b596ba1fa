import type { ByteReader } from './byte-reader.js';

/** Reads the names of headers. Records mostly have the same names in the same places, so that a text is made once. */
export class HeaderNames {
  readonly #last: (Known | undefined)[] = [];

  /** Reads the name of a record's header. @param place among the headers of its record, from 0 */
  read(reader: ByteReader, place: number): string {
    const bytes = reader.bytes(reader.varint());
    if (bytes === null) return '';
    const last = this.#last[place];
    if (last !== undefined && isSame(last.bytes, bytes)) return last.text;
    const text = bytes.toString();
    if (place < MOST_PLACES) this.#last[place] = { bytes, text };
    return text;
  }
}

/** Events have about ten headers. */
const MOST_PLACES = 32;

interface Known {
  readonly bytes: Buffer;
  readonly text: string;
}

function isSame(one: Buffer, other: Buffer): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
