import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Hyperroom } from '../src/index.ts';
import { HyperroomProvider } from '../src/react/index.ts';
import { type Address, readAddress } from './address.ts';
import { Notice } from './parts/notice.tsx';
import { Screen } from './parts/screen.tsx';
import { Session } from './session.tsx';

/** Of `config.json`, beside the page. */
interface Config {
  signalling: string;
  domain: string;
}

function App({ address, config: { signalling, domain } }: { address: Address; config: Config }) {
  const [token, setToken] = useState(address.token);
  const client = useMemo(
    () => new Hyperroom({ url: signalling, domain, ...(token !== undefined && { token }) }),
    [signalling, domain, token],
  );
  return (
    <HyperroomProvider client={client}>
      <Session address={address} setToken={setToken} />
    </HyperroomProvider>
  );
}

function Broken({ error }: { error: unknown }) {
  return (
    <Screen title="Error">
      <div className="statement">
        <Notice>Hyperroom could not start: {error instanceof Error ? error.message : String(error)}</Notice>
      </div>
    </Screen>
  );
}

async function configuration(): Promise<Config> {
  const response = await fetch('./config.json');
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return response.json();
}

const root = createRoot(document.querySelector('#app') ?? document.body);

async function start(): Promise<void> {
  const address = readAddress(location.search);
  const config = await configuration();
  root.render(<App address={address} config={config} />);
}

start().catch((error: unknown) => root.render(<Broken error={error} />));
