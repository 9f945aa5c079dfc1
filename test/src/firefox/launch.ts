import puppeteer, { type Browser } from 'puppeteer-core';
import { niceBrowser } from '../nice-browser.ts';
import { provideFirefox } from './provide.ts';

/** Where nobody listens: what is not of this machine is refused before its name is looked up. */
const NOWHERE = { host: '127.0.0.1', port: 9 };

/** Fake devices, media without a question, and nothing that calls home. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'media.gmp-manager.updateEnabled': false,
  'network.proxy.type': 1,
  'network.proxy.http': NOWHERE.host,
  'network.proxy.http_port': NOWHERE.port,
  'network.proxy.ssl': NOWHERE.host,
  'network.proxy.ssl_port': NOWHERE.port,
  'network.proxy.allow_hijacking_localhost': false,
};

/**
 * A headless Firefox with a fresh profile, a fake camera and a fake microphone. Its media go by an address of this machine
 * that is not the loopback interface's: it has no candidates there, whatever its preferences say.
 */
export async function launchFirefox(onProgress: (step: string) => void = () => {}): Promise<Browser> {
  const { path, environment } = await provideFirefox(onProgress);
  return puppeteer.launch({
    browser: 'firefox',
    ...niceBrowser(path, environment),
    headless: true,
    extraPrefsFirefox: PREFERENCES,
  });
}
