/**
 * A token that Kafka's OAUTHBEARER takes where nobody verifies signatures: a JWT without one.
 * @param subject becomes the principal
 * @param lifetimeMs default one hour
 */
export function unsecuredToken(subject: string, lifetimeMs = 3_600_000): string {
  const now = Date.now() / 1000;
  const claims = { sub: subject, iat: now - 1, exp: now + lifetimeMs / 1000 };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
