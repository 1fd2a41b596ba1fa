/** Makes bytes a `Buffer`: mysql2 writes only that as bytes into a statement. */
export function mysqlValue(value: unknown): unknown {
  const isBytes = value instanceof Uint8Array && !Buffer.isBuffer(value);
  return isBytes ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
