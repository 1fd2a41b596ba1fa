/**
 * `{reverse DNS}.{subdomain}.{subject}.{action}.v{major}`, e.g. `org.openedx.learning.course.enrollment.created.v1`
 * (the reference's naming ADR). The compiler sees the number of parts and the version; the rest is checked when a
 * signal is defined.
 */
export type EventType =
  | `${FiveParts}.v${number}`
  // The compiler takes the first `.v` for the version; these let up to two words begin with a v, as in `verified`.
  | `${FiveParts}.v${string}.v${number}`
  | `${FiveParts}.v${string}.v${string}.v${number}`;

type FiveParts = `${string}.${string}.${string}.${string}.${string}`;

/** What is wrong with an event type, or undefined when it follows the grammar. */
export function eventTypeProblem(eventType: string): string | undefined {
  const parts = eventType.split('.');
  if (parts.length < 6) {
    return 'expected at least {reverse DNS of two parts}.{subdomain}.{subject}.{action}.v{major}, e.g. org.openedx.learning.badge.awarded.v1';
  }
  if (!/^v[1-9][0-9]*$/.test(parts.at(-1) as string))
    return 'the last part must be the major version, v1 or higher';
  const wrong = parts.find((part) => !/^[a-z][a-z0-9_]*$/.test(part));
  return wrong === undefined ? undefined : `part "${wrong}" must match [a-z][a-z0-9_]*`;
}
