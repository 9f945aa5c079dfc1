/** What names a channel. */
export const TOPIC = /^[\w.-]{1,64}$/;

/** The topic of chat: its data are texts. */
export const CHAT = 'chat';
