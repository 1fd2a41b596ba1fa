import { vi } from 'vitest';

// Runs ahead of each test file. The files of a worker share its process, which saves starting one for each, and nothing
// else: modules are evaluated anew, and what packages keep on `globalThis` for all their copies is gone.
vi.resetModules();
for (const key of Object.getOwnPropertySymbols(globalThis)) {
  if (Symbol.keyFor(key)?.startsWith('@openedx-ts/')) Reflect.deleteProperty(globalThis, key);
}
