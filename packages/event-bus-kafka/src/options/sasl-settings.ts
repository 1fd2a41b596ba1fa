import type { SettingReader } from '@openedx-ts/events-core/bus';
import type { KafkaSaslOptions } from '../security/kafka-sasl-options.js';
import { tokenSettings } from './token-settings.js';

/**
 * Reads the login. As in the Python bus, key and secret mean SASL PLAIN; it ignores one alone, which is an error here. A
 * source of tokens means OAUTHBEARER.
 *
 * @param allowInsecure whether a secret may be sent to a token endpoint in clear text
 */
export function saslSettings(
  settings: SettingReader,
  allowInsecure: boolean | undefined,
): KafkaSaslOptions | undefined {
  const mechanism = settings.oneOf(MECHANISM, ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']);
  if (mechanism === 'OAUTHBEARER' || (mechanism === undefined && namesTokens(settings))) {
    return bearerSettings(settings, allowInsecure);
  }
  if (namesTokens(settings)) settings.wrong(MECHANISM, 'must be OAUTHBEARER, or unset, beside a token');
  const username = settings.text(KEY);
  const password = settings.text(SECRET);
  if (username !== undefined && password !== undefined) {
    return { mechanism: passwordMechanisms[mechanism ?? 'PLAIN'], username, password };
  }
  if (username !== undefined) settings.wrong(SECRET, 'is missing beside the key');
  if (password !== undefined) settings.wrong(KEY, 'is missing beside the secret');
  if (username === undefined && password === undefined && mechanism !== undefined) {
    settings.wrong(KEY, `is missing beside ${MECHANISM}`);
  }
  return undefined;
}

const MECHANISM = 'EVENT_BUS_KAFKA_SASL_MECHANISM';
const KEY = 'EVENT_BUS_KAFKA_API_KEY';
const SECRET = 'EVENT_BUS_KAFKA_API_SECRET';
const TOKEN = 'EVENT_BUS_KAFKA_SASL_TOKEN';

const passwordMechanisms = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
} as const;

function namesTokens(settings: SettingReader): boolean {
  return [TOKEN, `${TOKEN}_FILE`, `${TOKEN}_URL`].some((name) => settings.text(name) !== undefined);
}

function bearerSettings(
  settings: SettingReader,
  allowInsecure: boolean | undefined,
): KafkaSaslOptions | undefined {
  if (!namesTokens(settings)) {
    settings.wrong(TOKEN, `is missing beside ${MECHANISM}: set it, …_FILE or …_URL`);
    return undefined;
  }
  const variables = { prefix: 'EVENT_BUS_KAFKA_SASL_', login: 'EVENT_BUS_KAFKA_' };
  const token = tokenSettings(settings, variables, allowInsecure);
  return token === undefined ? undefined : { mechanism: 'oauthbearer', token };
}
