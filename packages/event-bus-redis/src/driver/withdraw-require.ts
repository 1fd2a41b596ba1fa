import { provideRequire } from '@openedx-ts/events-avro';

/** Ends the `require` that ioredis finds in a bundle while it is evaluated. */
export const withdrawRequire = provideRequire();
