export function Brand() {
  return (
    <header className="brand">
      <span className="brand-mark" aria-hidden="true" />
      Hyperroom
    </header>
  );
}
