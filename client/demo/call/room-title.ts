import { useRoom, useRoomMetadata } from '../../src/react/index.ts';

/** The room's title stands in its metadata. */
export const TITLE = 'title';

export function useRoomTitle(): string {
  const { id } = useRoom();
  return useRoomMetadata()[TITLE] ?? id;
}
