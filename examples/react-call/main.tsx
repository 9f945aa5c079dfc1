import { Hyperroom } from '@hyperroom/client';
import { Call, HyperroomProvider, useJoin } from '@hyperroom/client/react';
import '@hyperroom/client/react/style.css';
import type { FormEvent } from 'react';
import { createRoot } from 'react-dom/client';

const client = new Hyperroom({ url: import.meta.env.VITE_HYPERROOM_URL });

function App() {
  const { status, room, error, join } = useJoin();
  if (status === 'joined') return <Call room={room} />;

  async function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    await join('react-call', { name, stream, create: true });
  }

  return (
    <form onSubmit={enter}>
      <h1>{status === 'ended' ? 'You have left' : 'React call'}</h1>
      <input name="name" aria-label="Your name" required />
      <button type="submit" disabled={status === 'joining'}>
        Join
      </button>
      {status === 'failed' && <p role="alert">{String(error)}</p>}
    </form>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <HyperroomProvider client={client}>
    <App />
  </HyperroomProvider>,
);
