/**
 * The time that an event id holds, in milliseconds since 1970: of UUIDs of version 7, which this project makes, and of
 * version 1, which the Python services make. Undefined for ids of other kinds.
 */
export function timeOfEventId(eventId: string): number | undefined {
  const digits = eventId.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
  if (digits[12] === '7') return Number.parseInt(digits.slice(0, 12), 16);
  if (digits[12] !== '1') return undefined;
  const ticks = BigInt(`0x${digits.slice(13, 16)}${digits.slice(8, 12)}${digits.slice(0, 8)}`);
  return Number(ticks / TICKS_A_MS) - GREGORIAN_MS;
}

/** Version 1 counts 100 nanoseconds since 15 October 1582 (RFC 9562, section 5.1). */
const TICKS_A_MS = 10_000n;
const GREGORIAN_MS = 12_219_292_800_000;
