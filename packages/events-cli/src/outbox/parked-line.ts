import type { ParkedRow } from '@openedx-ts/events-outbox';

/** Builds the JSON object that `outbox show` writes for a parked event, without its key and payload. */
export function parkedLine(row: ParkedRow): object {
  return {
    topic: row.topic,
    position: String(row.position),
    event_type: row.eventType,
    event_id: row.eventId,
    code: row.code,
    reason: row.reason,
    attempts: row.attempts,
    appended_at: timeText(row.appendedAt),
    parked_at: timeText(row.parkedAt),
    key_bytes: row.keyBytes.length,
    value_bytes: row.record.length,
  };
}

/** Somebody may have changed the row by hand. */
function timeText(time: Date): string | null {
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
