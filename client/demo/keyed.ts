/** What shows one value; drawn anew whenever that may have changed. */
export interface View<Value> {
  readonly element: HTMLElement;
  draw(value: Value): void;
  /** It is about to be removed. */
  close?(): void;
}

/**
 * One view for each key of a collection, in the order in which they came. A view stays where it is for as long as its
 * key does: a video that is moved stops playing, a field that is moved loses the focus.
 */
export class Keyed<Value, Item extends View<Value>> {
  readonly #container: HTMLElement;
  readonly #make: (value: Value) => Item;
  readonly #views = new Map<string, Item>();

  constructor(container: HTMLElement, make: (value: Value) => Item) {
    this.#container = container;
    this.#make = make;
  }

  get(key: string): Item | undefined {
    return this.#views.get(key);
  }

  draw(values: ReadonlyMap<string, Value>): void {
    for (const key of this.#views.keys()) if (!values.has(key)) this.#remove(key);
    for (const [key, value] of values) this.#view(key, value).draw(value);
  }

  close(): void {
    for (const key of this.#views.keys()) this.#remove(key);
  }

  #view(key: string, value: Value): Item {
    const known = this.#views.get(key);
    if (known) return known;
    const view = this.#make(value);
    this.#views.set(key, view);
    this.#container.append(view.element);
    return view;
  }

  #remove(key: string): void {
    const view = this.#views.get(key);
    this.#views.delete(key);
    view?.close?.();
    view?.element.remove();
  }
}
