interface Part {
  close(): Promise<void>;
}

/** What has been opened one after the other, and is closed in the opposite order. */
export class Parts {
  readonly #closers: (() => Promise<void>)[] = [];

  readonly opened = <Opened extends Part>(part: Opened): Opened => {
    this.#closers.unshift(() => part.close());
    return part;
  };

  readonly close = async (): Promise<void> => {
    for (const close of this.#closers.splice(0)) await close();
  };
}
