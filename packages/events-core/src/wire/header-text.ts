/** A text as the bytes of a header. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** The text of a header, or undefined when there is none, it is null or no UTF-8. */
export function textOf(bytes: Uint8Array | null | undefined): string | undefined {
  if (bytes === undefined || bytes === null) return undefined;
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString();
  // A buffer reads bytes that are no UTF-8 as U+FFFD; the strict decoder, which is slower, distinguishes the two.
  return text.includes('\ufffd') ? strictTextOf(bytes) : text;
}

function strictTextOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
