import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '@openedx-ts/brokers';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildBrowser } from '../build-browser.mjs';

/** A browser that shows pages of the console. */
export interface BrowserUnderTest extends AsyncDisposable {
  /** Opens an address in a browser session of its own; what the page asks of other hosts, and what it logs as an error, is kept. */
  open(url: string, options?: BrowserContextOptions): Promise<OpenedPage>;
}

/** A page, and what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and of the content security policy, and requests to elsewhere. */
  readonly complaints: readonly string[];
}

/** Builds the page of the console and starts Chromium. */
export async function startBrowser(): Promise<BrowserUnderTest> {
  await buildBrowser();
  const { executablePath, args, env } = await findChromium();
  const home = mkdtempSync(join(tmpdir(), 'console-browser-'));
  const browser = await chromium.launch({
    executablePath,
    args: [...args],
    env: { ...process.env, ...env, HOME: home } as Record<string, string>,
  });
  return {
    open: async (url, options) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('request', (request) => {
        if (new URL(request.url()).host !== new URL(url).host) complaints.push(`request to ${request.url()}`);
      });
      await page.goto(url);
      return { page, context, complaints };
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
