import type { MediaKind, PublicationName, SubscriptionChoice, Subscriptions } from '@hyperroom/protocol';

/** What a participant wants to receive, as it said last. */
export interface Wishes {
  revision: number;
  /** Whether it wants the publications that it has made no choice about. */
  auto: boolean;
  /** By participant and publication. */
  choices: ReadonlyMap<string, SubscriptionChoice>;
}

/** Whose, and which of its publications. */
interface Wishable {
  participant: string;
  name: PublicationName;
}

/** Of somebody who has said nothing: everything. */
export const NO_WISHES: Wishes = { revision: 0, auto: true, choices: new Map() };

const choiceKey = (participant: string, name: PublicationName) => `${participant} ${name}`;

export function wishesOf({ revision, auto, choices }: Subscriptions): Wishes {
  const entries = choices.map((choice) => [choiceKey(choice.participant, choice.publication), choice] as const);
  return { revision, auto, choices: new Map(entries) };
}

export function isSubscribed(wishes: Wishes, publication: Wishable): boolean {
  return choiceOf(wishes, publication)?.subscribed ?? wishes.auto;
}

/** Wanted by name, which goes before what is wanted for want of a choice. */
export function isChosen(wishes: Wishes, publication: Wishable): boolean {
  return choiceOf(wishes, publication)?.subscribed ?? false;
}

export function pausedKinds(wishes: Wishes, publication: Wishable): readonly MediaKind[] {
  return choiceOf(wishes, publication)?.paused ?? [];
}

function choiceOf(wishes: Wishes, { participant, name }: Wishable): SubscriptionChoice | undefined {
  return wishes.choices.get(choiceKey(participant, name));
}
