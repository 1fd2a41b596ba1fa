import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { provideRequire } from './provide-require.js';

const host = globalThis as { require?: unknown };
const before = host.require;
afterEach(() => {
  if (before === undefined) delete host.require;
  else host.require = before;
});

it("gives code in a bundle Node's own modules, and leaves no global require", () => {
  delete host.require;
  const withdraw = provideRequire();
  const provided = host.require as (name: string) => unknown;
  expect(provided('path')).toMatchObject({ join });
  expect(() => provided('left-pad')).toThrow(/Cannot find module 'left-pad'/);
  withdraw();
  expect('require' in host).toBe(false);
});

it('leaves a require that is there', () => {
  const own = () => {};
  host.require = own;
  provideRequire()();
  expect(host.require).toBe(own);
});
