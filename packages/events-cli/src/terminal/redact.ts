import type { Environment } from '@openedx-ts/events-core';

/**
 * Returns a function that replaces secrets in text for the terminal with `***`: the values of secret settings of the
 * bus, passwords in URLs of the environment and of the arguments, values
 * of `--field`, and user and password in anything that looks like a URL.
 */
export function redactor(env: Environment = {}, args: readonly string[] = []): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => name.startsWith('EVENT_BUS_') || name === 'DATABASE_URL')
    .flatMap(([name, value = '']) => [...(isSecret(name) ? [value] : []), ...passwordsIn(value)])
    .concat(args.flatMap(passwordsIn), fieldValuesIn(args))
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

/** The passwords of a URL, as written there and decoded: beside its user, or as the parameter `password`. */
function passwordsIn(value: string): readonly string[] {
  const written = [
    /:\/\/[^\s/@:]*:([^\s/@]*)@/.exec(value)?.[1],
    /:\/\/[^\s/:]*:([^\s/]*)@/.exec(value)?.[1], // an @ in the password belongs to it
    /[?&]password=([^\s&#]*)/.exec(value)?.[1],
  ].filter((password) => password !== undefined);
  return written.flatMap((password) => [password, decoded(password)]);
}

/** The values by which personal data is selected: `--field user.pii.username=ada`, or in one word. */
function fieldValuesIn(args: readonly string[]): readonly string[] {
  const given = args.flatMap((arg, index) =>
    arg.startsWith('--field=') ? [arg.slice(8)] : args[index - 1] === '--field' ? [arg] : [],
  );
  return given.map((field) => field.slice(field.indexOf('=') + 1));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
