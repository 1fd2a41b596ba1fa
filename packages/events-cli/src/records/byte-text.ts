/** How bytes are written as text. */
export type ByteFormat = 'hex' | 'base64';

/** The formats of `--format`. */
export const byteFormats: readonly ByteFormat[] = ['hex', 'base64'];

/** Bytes as text: hex in lower case, base64 with padding. */
export function textOfBytes(bytes: Uint8Array, format: ByteFormat): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(format);
}

/** The opposite; undefined when the text is not in that format. Upper-case hex and base64 without padding are taken. */
export function bytesOfText(text: string, format: ByteFormat): Uint8Array | undefined {
  const bytes = Buffer.from(text, format);
  // Node leaves out what it does not understand, so the text must come back.
  const back = bytes.toString(format);
  const isExact = format === 'hex' ? back === text.toLowerCase() : unpadded(back) === unpadded(text);
  return isExact ? bytes : undefined;
}

function unpadded(base64: string): string {
  return base64.replace(/={1,2}$/, '');
}
