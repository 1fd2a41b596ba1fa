import type { Environment } from '@openedx-ts/events-core';

/**
 * A function that takes secrets out of text for the terminal: what the bus's settings name as secret, and user and
 * password in anything that looks like a URL.
 */
export function redactor(env: Environment = {}): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => name.startsWith('EVENT_BUS_'))
    .flatMap(([name, value = '']) => [...(isSecret(name) ? [value] : []), ...passwordsIn(value)])
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutSecrets = secrets.reduce((safe, secret) => safe.replaceAll(secret, '***'), text);
    return withoutSecrets.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1***@');
  };
}

/** Shorter ones are part of too many words; no message of ours holds them. */
const SHORTEST = 4;

function isSecret(name: string): boolean {
  return /(?:SECRET|PASSWORD|TOKEN|API_KEY)$/.test(name);
}

/** The password of a URL as it stands there, and as it is sent. */
function passwordsIn(value: string): readonly string[] {
  const written = /:\/\/[^\s/@:]*:([^\s/@]*)@/.exec(value)?.[1];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
