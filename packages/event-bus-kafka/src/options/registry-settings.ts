import type { SettingReader } from '@openedx-ts/events-core/bus';
import type { SchemaRegistryAuth, SchemaRegistryOptions } from '../registry/schema-registry-options.js';
import { certificateSettings } from './certificate-settings.js';
import { tokenSettings } from './token-settings.js';

/**
 * Reads where the schema registry is, how to log in there, and what to do with schemas.
 *
 * @param allowInsecure whether a secret may be sent to a token endpoint in clear text
 */
export function registrySettings(
  settings: SettingReader,
  allowInsecure: boolean | undefined,
): SchemaRegistryOptions {
  const auth = authSettings(settings, allowInsecure);
  const tls = certificateSettings(settings, `${PREFIX}TLS_`);
  const autoRegister = settings.flag(`${PREFIX}AUTO_REGISTER`);
  const cacheDirectory = settings.text(`${PREFIX}CACHE_DIRECTORY`);
  return {
    url: settings.text(`${PREFIX}URL`) ?? '',
    ...(auth === undefined ? {} : { auth }),
    ...(tls === undefined ? {} : { tls }),
    ...(autoRegister === undefined ? {} : { autoRegister }),
    ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
  };
}

const PREFIX = 'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_';

function authSettings(
  settings: SettingReader,
  allowInsecure: boolean | undefined,
): SchemaRegistryAuth | undefined {
  const token = tokenSettings(settings, { prefix: PREFIX, login: PREFIX }, allowInsecure);
  if (token !== undefined) return { token };
  const username = settings.text(`${PREFIX}API_KEY`);
  const password = settings.text(`${PREFIX}API_SECRET`);
  if (username === undefined && password !== undefined) {
    settings.wrong(`${PREFIX}API_KEY`, 'is missing beside the secret');
  }
  return username === undefined ? undefined : { username, password: password ?? '' };
}
