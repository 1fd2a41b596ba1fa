/** The provider of tokens failed, or returned no token. Its cause is a failure of another service than Kafka. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}
