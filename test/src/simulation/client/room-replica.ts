import type { ObjectUpdate, Room } from '@hyperroom/protocol';

/** A room object kept from its updates, in whichever order they come. */
export class RoomReplica {
  #room: Room | undefined;
  readonly #early = new Map<number, ObjectUpdate>();
  readonly #faults: string[] = [];

  get isLoaded(): boolean {
    return this.#room !== undefined;
  }

  /** As far as there is no gap. */
  get room(): Room {
    if (!this.#room) throw new Error('no room yet');
    return this.#room;
  }

  /** The versions that have come while one before them has not. */
  get early(): number[] {
    return [...this.#early.keys()];
  }

  /** What no sequence of updates may hold. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** The room as of its version: what came before tells nothing new. */
  load(room: Room): void {
    this.#room = structuredClone(room);
    for (const version of this.early) if (version <= room.version) this.#early.delete(version);
    this.#catchUp();
  }

  apply(update: ObjectUpdate): void {
    const { version } = update;
    if (this.#early.has(version) || (this.#room && version <= this.#room.version)) {
      this.#faults.push(`version ${version} came twice`);
      return;
    }
    this.#early.set(version, update);
    this.#catchUp();
  }

  #catchUp(): void {
    for (;;) {
      const next = this.#room && this.#early.get(this.#room.version + 1);
      if (!this.#room || !next) return;
      this.#early.delete(next.version);
      this.#room = changed(this.#room, next);
    }
  }
}

function changed(room: Room, { version, attribute, value, lastModified = room.lastModified }: ObjectUpdate): Room {
  const data = withValue(room.data, attribute.split('.'), value);
  return { ...room, version, lastModified, data: data as Room['data'] };
}

/** Without a value: without the attribute. */
function withValue(object: object, [name = '', ...path]: readonly string[], value: unknown): object {
  const { [name]: present, ...others } = object as Record<string, unknown>;
  if (path.length > 0) return { ...others, [name]: withValue(present as object, path, value) };
  return value === undefined ? others : { ...others, [name]: value };
}
