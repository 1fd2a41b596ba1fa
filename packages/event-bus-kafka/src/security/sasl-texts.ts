import { TextCleaner } from '@openedx-ts/events-core/bus';
import type { KafkaSaslOptions } from './kafka-sasl-options.js';

/** Creates a cleaner that removes the client's credentials from texts of brokers, before they reach errors and logs. */
export function saslTexts(sasl: KafkaSaslOptions | undefined): TextCleaner {
  if (sasl === undefined || sasl.mechanism === 'oauthbearer') return new TextCleaner();
  const { username, password } = sasl;
  return new TextCleaner([password, `${username}:${password}`, `\u0000${username}\u0000${password}`]);
}
