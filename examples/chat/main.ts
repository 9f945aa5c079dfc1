import { type ChatMessage, Hyperroom } from '@hyperroom/client';

const form = document.querySelector('form') as HTMLFormElement;
const input = document.querySelector('input') as HTMLInputElement;
const list = document.querySelector('ol') as HTMLOListElement;

const hyperroom = new Hyperroom({ url: import.meta.env.VITE_HYPERROOM_URL });
const name = new URLSearchParams(location.search).get('name') ?? 'Somebody';
const room = await hyperroom.join('chat', { name, create: true });

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  show(await room.sendChat(input.value));
  form.reset();
});
input.disabled = false;

for await (const [message] of room.events('chatMessage')) show(message);

function show({ name, text, sent }: ChatMessage): void {
  const item = document.createElement('li');
  item.textContent = `${sent.toLocaleTimeString()} ${name}: ${text}`;
  list.append(item);
}
