import type { Header } from '@openedx-ts/events-core/bus';
import type { ByteReader } from './byte-reader.js';

/**
 * Reads the headers of the records of a batch. Most are the same in all of them, such as the source of an event: where a
 * record has the bytes that its first one has in the same place, it shares that header.
 */
export class HeaderReader {
  readonly #first: { readonly bytes: Buffer; readonly header: Header }[] = [];

  /** Reads a record's headers. @throws RangeError when it has too many */
  read(reader: ByteReader): readonly Header[] {
    const headers: Header[] = [];
    const count = reader.varint();
    if (count > MAX_HEADERS) throw new RangeError(`a record has more than ${MAX_HEADERS} headers`);
    for (let place = 0; place < count; place += 1) headers.push(this.#readOne(reader, place));
    return headers;
  }

  #readOne(reader: ByteReader, place: number): Header {
    const first = this.#first[place];
    if (first !== undefined && reader.skipIfNext(first.bytes)) return first.header;
    const start = reader.at;
    const header: Header = [reader.text(reader.varint()), reader.bytes(reader.varint())];
    if (place === this.#first.length) this.#first.push({ bytes: reader.since(start), header });
    return header;
  }
}

/** A header of two bytes occupies about a hundred in memory. */
const MAX_HEADERS = 10_000;
