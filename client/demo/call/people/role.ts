import { useLocalParticipant, useParticipant } from '../../../src/react/index.ts';

/** Whether one may do here what moderators may. */
export function useMayModerate(): boolean {
  return useParticipant(useLocalParticipant()).role === 'moderator';
}
