import { signal } from '@preact/signals';
import type { SessionAnswer } from '../src/answers/session-answer.js';

/** Who looks and what they may do; undefined until the server has answered. */
export const session = signal<SessionAnswer | undefined>(undefined);

/** Whether personal data are asked for. */
export const isUnmasked = signal(false);

/** The part of a query that asks for personal data. */
export function unmaskQuery(): { readonly unmask?: string } {
  return isUnmasked.value && session.value?.mayUnmask === true ? { unmask: '1' } : {};
}
