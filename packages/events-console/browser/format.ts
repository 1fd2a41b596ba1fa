/** A count with separators, or `?` where the broker does not report it. */
export function countText(count: number | null): string {
  return count === null ? '?' : count.toLocaleString('en-US');
}

/** A duration, in the largest unit that fits: `4.2 s`, `3 min`, `2 d`. */
export function ageText(ms: number | null): string {
  if (ms === null) return '?';
  if (ms < 1) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.floor(ms / 3_600_000)} h`;
  return `${Math.floor(ms / 86_400_000)} d`;
}

/** The time of day with milliseconds, in the time zone of the browser. */
export function timeText(at: number | null): string {
  if (at === null) return '?';
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Date and time, exact, in UTC. */
export function instantText(at: number | null): string {
  return at === null ? '?' : new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC');
}

/** A size: `912 B`, `1.2 kB`. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return '?';
  return bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${(bytes / 1_000).toFixed(1)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** An event type without what all have in common: `learning.course.enrollment.created`, with the version apart. */
export function shortType(eventType: string | null): readonly [name: string, version: string] {
  if (eventType === null) return ['no type', ''];
  const [, name = eventType, version = ''] = /^(?:org\.openedx\.)?(.*?)(?:\.(v\d+))?$/.exec(eventType) ?? [];
  return [name, version];
}

/** A count with its noun: `1 event`, `2 events`. */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** An argument of a command in a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
