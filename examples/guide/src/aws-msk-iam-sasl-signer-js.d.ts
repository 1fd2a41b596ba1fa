/** The part of aws-msk-iam-sasl-signer-js 1.0.3 that kafka-bus-msk.ts uses: with the AWS SDK it is large to install. */
declare module 'aws-msk-iam-sasl-signer-js' {
  export function generateAuthToken(options: {
    readonly region: string;
  }): Promise<{ readonly token: string; readonly expiryTime: number }>;
}
