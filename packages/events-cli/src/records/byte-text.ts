/** A text form of bytes. */
export type ByteFormat = 'hex' | 'base64';

/** The formats of `--format`. */
export const byteFormats: readonly ByteFormat[] = ['hex', 'base64'];

/** Formats bytes as text: hex in lower case, base64 with padding. */
export function textOfBytes(bytes: Uint8Array, format: ByteFormat): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(format);
}

/** Parses bytes; undefined when the text is not in the format. Accepts upper-case hex and base64 without padding. */
export function bytesOfText(text: string, format: ByteFormat): Uint8Array | undefined {
  const bytes = Buffer.from(text, format);
  // Node skips invalid characters, so the bytes must give the same text again.
  const roundTrip = bytes.toString(format);
  const isExact =
    format === 'hex' ? roundTrip === text.toLowerCase() : unpadded(roundTrip) === unpadded(text);
  return isExact ? bytes : undefined;
}

function unpadded(base64: string): string {
  return base64.replace(/={1,2}$/, '');
}
