/**
 * Returns the CRC-32C (Castagnoli) of bytes, which a record batch carries. Node has CRC-32 only, which is another
 * polynomial. Eight bytes a step ("slicing by 8"), each looked up in a table of its own.
 */
export function crc32c(bytes: Uint8Array, start = 0): number {
  const { length } = bytes;
  let crc = -1;
  let at = start;
  for (const end = length - 7; at < end; at += 8) {
    crc =
      (table7[(bytes[at] as number) ^ (crc & 0xff)] as number) ^
      (table6[(bytes[at + 1] as number) ^ ((crc >>> 8) & 0xff)] as number) ^
      (table5[(bytes[at + 2] as number) ^ ((crc >>> 16) & 0xff)] as number) ^
      (table4[(bytes[at + 3] as number) ^ (crc >>> 24)] as number) ^
      (table3[bytes[at + 4] as number] as number) ^
      (table2[bytes[at + 5] as number] as number) ^
      (table1[bytes[at + 6] as number] as number) ^
      (table0[bytes[at + 7] as number] as number);
  }
  for (; at < length; at += 1) crc = (crc >>> 8) ^ (table0[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** The polynomial, its bits in reverse (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

/** Table n holds the remainder of each byte that n bytes follow. */
const table0 = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});
const table1 = oneByteFurther(table0);
const table2 = oneByteFurther(table1);
const table3 = oneByteFurther(table2);
const table4 = oneByteFurther(table3);
const table5 = oneByteFurther(table4);
const table6 = oneByteFurther(table5);
const table7 = oneByteFurther(table6);

function oneByteFurther(table: Int32Array): Int32Array {
  return table.map((crc) => (crc >>> 8) ^ (table0[crc & 0xff] as number));
}
