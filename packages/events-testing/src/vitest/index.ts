import type { EventMatchers } from './event-matchers.js';

export { type EventMatchers, eventMatchers, type SignalMatcher } from './event-matchers.js';
export { isolateSignals } from './isolate-signals.js';

declare module 'vitest' {
  interface Matchers<T> extends EventMatchers<T> {}
}
