import { provideRequire } from './provide-require.js';

/** Ends the `require` that avsc finds in a bundle while it is evaluated. */
export const withdrawRequire = provideRequire();
