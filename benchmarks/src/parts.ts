import type { Part } from './part.js';

/**
 * All parts, by the name that `--only` takes and under which README.md has the table. A part is loaded only in the
 * process that measures it: what another part imports could change its figures.
 */
export const parts: Readonly<Record<string, () => Promise<Part>>> = {
  codec: async () => (await import('./codec/codec-part.js')).codecPart,
  send: async () => (await import('./send/send-part.js')).sendPart,
  redis: async () => (await import('./redis/redis-part.js')).redisPart,
  kafka: async () => (await import('./kafka/kafka-part.js')).kafkaPart,
  telemetry: async () => (await import('./telemetry/telemetry-part.js')).telemetryPart,
  outbox: async () => (await import('./outbox/outbox-part.js')).outboxPart,
  'outbox-held': async () => (await import('./outbox/held-part.js')).outboxHeldPart,
  console: async () => (await import('./console/console-part.js')).consolePart,
  scale: async () => (await import('./scale/scale-part.js')).scalePart,
};
