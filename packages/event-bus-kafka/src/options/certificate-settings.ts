import type { SettingReader } from '@openedx-ts/events-core/bus';
import type { KafkaTlsOptions } from '../security/kafka-tls-options.js';

/**
 * Reads the certificates of TLS connections; undefined when none is set.
 *
 * @param prefix of the variables, such as `EVENT_BUS_KAFKA_TLS_`
 */
export function certificateSettings(settings: SettingReader, prefix: string): KafkaTlsOptions | undefined {
  const values = Object.entries(variables).flatMap(([option, variable]) => {
    const value = settings.text(`${prefix}${variable}`);
    return value === undefined ? [] : [[option, value] as const];
  });
  return values.length === 0 ? undefined : Object.fromEntries(values);
}

const variables: Readonly<Record<keyof KafkaTlsOptions, string>> = {
  ca: 'CA',
  cert: 'CERT',
  key: 'KEY',
  passphrase: 'KEY_PASSWORD',
  serverName: 'SERVER_NAME',
};
