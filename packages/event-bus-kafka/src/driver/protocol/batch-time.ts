/**
 * Returns when the first of some record batches was sent, in milliseconds since 1970; null when that is unknown or there is
 * no batch. The events of a batch were sent at almost the same time.
 */
export function batchTime(batches: Buffer): number | null {
  if (batches.length < BATCH_TIMES_END || batches.readInt8(16) !== 2) return null;
  return knownTime(timeIn(batches));
}

/** Position after the first and the maximum timestamp of a batch. */
const BATCH_TIMES_END = 43;

/**
 * Returns a function that computes the time of a record of a batch from its difference to the time of the batch; null when it
 * is unknown.
 */
export function recordTimesOf(batch: Buffer): (delta: number) => number | null {
  const isLogAppendTime = hasLogAppendTime(batch);
  const base = timeIn(batch);
  return (delta) => knownTime(isLogAppendTime ? base : base + delta);
}

/** Senders choose the time, and may choose one that no `Date` has. */
function knownTime(time: number): number | null {
  return time > 0 && time <= MAX_DATE ? time : null;
}

const MAX_DATE = 8.64e15;

function hasLogAppendTime(batch: Buffer): boolean {
  return (batch.readInt16BE(21) & 0x08) !== 0;
}

/** The maximum timestamp is that of all records where the broker sets it. */
function timeIn(batch: Buffer): number {
  return Number(batch.readBigInt64BE(hasLogAppendTime(batch) ? 35 : 27));
}
