import { Hyperroom } from '@hyperroom/client';

const hyperroom = new Hyperroom({ url: import.meta.env.VITE_HYPERROOM_URL });
const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
const room = await hyperroom.join('minimal-call', { name: 'Somebody', stream, create: true });

room.on('trackAdded', (_track, { id }, publication) => {
  if (document.getElementById(id)) return;
  const video = document.createElement('video');
  video.id = id;
  document.body.append(video);
  publication.attach(video);
});
room.on('participantLeft', ({ id }) => document.getElementById(id)?.remove());
