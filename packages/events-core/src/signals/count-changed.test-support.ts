import { long } from '../shapes/primitives.js';
import { defineSignal } from './define-signal.js';

/** Defines a signal whose data is one number; call it where the registry is restored after each test. */
export const defineCount = (extra: { readonly localOnly?: string } = {}) =>
  defineSignal({ eventType: 'org.openedx.learning.count.changed.v1', data: { count: long() }, ...extra });
