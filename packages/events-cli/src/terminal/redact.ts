import type { Environment } from '@openedx-ts/events-core';

/**
 * Returns a function that replaces secrets in text for the terminal with `***`: the values of secret settings of the
 * bus, and user and password in anything that looks like a URL.
 */
export function redactor(env: Environment = {}): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => name.startsWith('EVENT_BUS_'))
    .flatMap(([name, value = '']) => [...(isSecret(name) ? [value] : []), ...passwordsIn(value)])
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutSecrets = secrets.reduce((safe, secret) => safe.replaceAll(secret, '***'), text);
    return withoutSecrets.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1***@');
  };
}

/** Shorter secrets, in characters, are part of too many words to be replaced; no message contains them. */
const MIN_SECRET_LENGTH = 4;

function isSecret(name: string): boolean {
  return /(?:SECRET|PASSWORD|TOKEN|API_KEY)$/.test(name);
}

/** The password of a URL, as written there and decoded. */
function passwordsIn(value: string): readonly string[] {
  const written = /:\/\/[^\s/@:]*:([^\s/@]*)@/.exec(value)?.[1];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
