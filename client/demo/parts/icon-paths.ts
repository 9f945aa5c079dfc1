/** Line icons on a 24-unit grid: what is drawn, by name. */
export const PATHS = {
  microphone: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  microphoneOff:
    'M9 9v3a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.7-1.3M5.5 11.5A6.5 6.5 0 0 0 16 16.6M18.3 13.2a6.5 6.5 0 0 0 .2-1.7M12 18v3M4 3.5l16 17',
  camera: 'M3.5 8.5a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2ZM14.5 10.8l6-3.3v9l-6-3.3',
  cameraOff:
    'M9.5 6.5h3a2 2 0 0 1 2 2v3M14.5 14.5v1a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 1.4-1.9M14.5 10.8l6-3.3v9l-3-1.6M4 3.5l16 17',
  leave:
    'M3 14.2c0-4 4-6.2 9-6.2s9 2.2 9 6.2v1.3a1 1 0 0 1-1.2 1l-3.4-.7a1 1 0 0 1-.8-.9l-.2-2.1a13 13 0 0 0-6.8 0l-.2 2.1a1 1 0 0 1-.8.9l-3.4.7a1 1 0 0 1-1.2-1Z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5a6.5 6.5 0 0 1 13 0M16 5a3.3 3.3 0 0 1 0 6.3M18 14.2a6 6 0 0 1 3.5 5.3',
  shuffle:
    'M3.5 7h3.2c1.3 0 2.5.7 3.2 1.8l4.2 6.4a3.8 3.8 0 0 0 3.2 1.8h3M3.5 17h3.2c1.3 0 2.5-.7 3.2-1.8M14 9a3.8 3.8 0 0 1 3.3-2h3M18 4.5 20.5 7 18 9.5M18 14.5l2.5 2.5-2.5 2.5',
  screen:
    'M3.5 6a1.5 1.5 0 0 1 1.5-1.5h14A1.5 1.5 0 0 1 20.5 6v9a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15ZM8.5 20h7M12 13.5v-6M9.3 10 12 7.3l2.7 2.7',
  hand: 'M8 12.5V6.2a1.3 1.3 0 0 1 2.6 0V11V4.8a1.3 1.3 0 0 1 2.6 0V11V5.8a1.3 1.3 0 0 1 2.6 0v6.7V9a1.3 1.3 0 0 1 2.6 0v5.5a6.5 6.5 0 0 1-6.5 6.5c-2.8 0-4.3-1.3-5.6-3.7l-2-3.7a1.3 1.3 0 0 1 2.2-1.4Z',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.3 14a4.3 4.3 0 0 0 7.4 0M9 9.5v.1M15 9.5v.1',
  chat: 'M4 6.5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6.5L7 20.5v-4H6a2 2 0 0 1-2-2Z',
  settings: 'M4 7h8M16 7h4M4 12h3M11 12h9M4 17h10M18 17h2M14 5v4M9 10v4M16 15v4',
  stats: 'M5 20v-6M10 20V9M15 20v-8M20 20V4',
  crown: 'M4 17.5 3 8l5 3.5L12 5l4 6.5L21 8l-1 9.5Z',
  lock: 'M6.5 11h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  close: 'M6 6l12 12M18 6 6 18',
  warning: 'M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17.2v.1',
  gridView: 'M4.5 4.5h6v6h-6ZM13.5 4.5h6v6h-6ZM4.5 13.5h6v6h-6ZM13.5 13.5h6v6h-6Z',
  speakerView: 'M3.5 5h17v9.5h-17ZM5 18.5h3M10.5 18.5h3M16 18.5h3',
  speaker: 'M4 9.5v5h3.5l5 4v-13l-5 4ZM16 9a4.2 4.2 0 0 1 0 6M18.5 6.5a7.8 7.8 0 0 1 0 11',
  more: 'M12 5.5v.1M12 12v.1M12 18.5v.1',
  keyboard: 'M3.5 7h17v10.5h-17ZM7 10.5v.1M10.3 10.5v.1M13.6 10.5v.1M17 10.5v.1M8 14h8',
  chevron: 'M6.5 9.5 12 15l5.5-5.5',
  home: 'M4 11.5 12 4.5l8 7M6.5 10v9h11v-9',
  pin: 'M9 4h6l-1 6 3 3.5H7L10 10ZM12 13.5V20',
} as const satisfies Record<string, string>;

export type IconName = keyof typeof PATHS;

/** The pictures of one's own devices. */
export const SOURCE_ICONS = {
  microphone: { on: 'microphone', off: 'microphoneOff' },
  camera: { on: 'camera', off: 'cameraOff' },
} as const;
