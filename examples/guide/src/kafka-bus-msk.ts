// #region bus
import { kafkaEventBus } from '@openedx-ts/event-bus-kafka';
import { generateAuthToken } from 'aws-msk-iam-sasl-signer-js';

const region = process.env.AWS_REGION ?? 'eu-central-1';

export const eventBus = kafkaEventBus({
  tls: true,
  sasl: { mechanism: 'oauthbearer', token: async () => (await generateAuthToken({ region })).token },
});
// #endregion bus
