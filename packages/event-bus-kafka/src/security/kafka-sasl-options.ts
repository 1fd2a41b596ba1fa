/** The credentials of this client. */
export type KafkaSaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** Returns a token. Called for each connection, and again before a session ends; cache tokens while they are valid. */
      readonly token: () => string | Promise<string>;
    };
