import type { Finding } from '@openedx-ts/events-core';

export function ok(subject: string, message: string): Finding {
  return { subject, verdict: 'ok', message, cure: undefined };
}

export function warning(subject: string, message: string, cure: string): Finding {
  return { subject, verdict: 'warning', message, cure };
}

export function problem(subject: string, message: string, cure: string): Finding {
  return { subject, verdict: 'problem', message, cure };
}
