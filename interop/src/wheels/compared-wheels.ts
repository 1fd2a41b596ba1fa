import type { PythonPackage } from './download-wheel.js';

/** The wheels whose events the catalogue has. */
export const comparedWheels: readonly PythonPackage[] = [
  { name: 'openedx-events', version: '11.2.0' },
  { name: 'openedx-core', version: '1.15.2' },
];
