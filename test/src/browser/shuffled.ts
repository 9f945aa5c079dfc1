import type { Delivery } from '@hyperroom/local/aws';

/** The API shuffles what a client sends in one go: nothing may depend on the order of messages. */
export const SHUFFLED: Delivery = { mode: 'reorder', seed: 7 };
