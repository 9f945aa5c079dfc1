import * as v from 'valibot';
import { MEDIA_KINDS, PUBLICATION_NAMES, SOURCES } from './publication.ts';

export const MediaKind = v.picklist(MEDIA_KINDS);
export type MediaKind = v.InferOutput<typeof MediaKind>;

/** Where media come from. `screen` is a shared screen's picture and its sound. */
export const Source = v.picklist(SOURCES);
export type Source = v.InferOutput<typeof Source>;

/** A participant's publications: `main` is camera and microphone, or one of them; `screen` a shared screen (RFC 4796 tells them apart alike). */
export const PublicationName = v.picklist(PUBLICATION_NAMES);
export type PublicationName = v.InferOutput<typeof PublicationName>;
