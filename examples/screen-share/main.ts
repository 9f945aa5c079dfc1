import { Hyperroom } from '@hyperroom/client';

const hyperroom = new Hyperroom({ url: import.meta.env.VITE_HYPERROOM_URL });
const room = await hyperroom.join('screen-share', { name: 'Somebody', create: true });

room.on('trackAdded', (_track, { id }, publication) => {
  if (publication.name !== 'screen' || document.getElementById(id)) return;
  const video = document.createElement('video');
  video.id = id;
  document.body.append(video);
  publication.attach(video);
});
room.on('publicationRemoved', ({ name }, { id }) => {
  if (name === 'screen') document.getElementById(id)?.remove();
});

const button = document.querySelector('button') as HTMLButtonElement;
button.addEventListener('click', async () => {
  if (room.localParticipant.publications.has('screen')) {
    await room.localParticipant.unpublish('screen');
  } else {
    const screen = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });
    await room.localParticipant.publish(screen, { as: 'screen' });
  }
});
button.disabled = false;
