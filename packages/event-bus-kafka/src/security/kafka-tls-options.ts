/** Certificates of a TLS connection, each as PEM text or as the path of a PEM file. */
export interface KafkaTlsOptions {
  /** Certificate authorities to trust. @defaultValue those that Node trusts */
  readonly ca?: string | undefined;
  /** The client's certificate, for servers that require one (mTLS). */
  readonly cert?: string | undefined;
  /** The private key of `cert`. */
  readonly key?: string | undefined;
  /** The password of `key`. */
  readonly passphrase?: string | undefined;
  /** The name that the server's certificate must have. @defaultValue the host of the connection */
  readonly serverName?: string | undefined;
}
