import type { Finding } from './event-bus-admin.js';

/** All is well with something. */
export function okFinding(subject: string, message: string): Finding {
  return { subject, verdict: 'ok', message, cure: undefined };
}

/** Makes a finding of something that works, but is probably not intended. */
export function warningFinding(subject: string, message: string, cure: string): Finding {
  return { subject, verdict: 'warning', message, cure };
}

/** Something does not work. */
export function problemFinding(subject: string, message: string, cure: string): Finding {
  return { subject, verdict: 'problem', message, cure };
}
