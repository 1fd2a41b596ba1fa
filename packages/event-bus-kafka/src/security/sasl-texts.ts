import { TextCleaner } from '@openedx-ts/events-core/bus';
import type { KafkaSaslOptions } from './kafka-security.js';

/** Creates what cleans the texts of brokers: they must not repeat our credentials in errors and logs. */
export function saslTexts(sasl: KafkaSaslOptions | undefined): TextCleaner {
  if (sasl === undefined || sasl.mechanism === 'oauthbearer') return new TextCleaner();
  const { username, password } = sasl;
  return new TextCleaner([password, `${username}:${password}`, `\u0000${username}\u0000${password}`]);
}
