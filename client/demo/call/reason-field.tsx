const NAME = 'reason';

/** What a moderator may have to say with what he does. */
export function ReasonField({ label, testid }: { label: string; testid: string }) {
  return (
    <input name={NAME} maxLength={256} placeholder="Reason, if you like" aria-label={label} data-testid={testid} />
  );
}

/** What stands in the field of a form; nothing if nothing does. */
export function reasonIn(form: HTMLFormElement): { reason?: string } {
  const reason = String(new FormData(form).get(NAME) ?? '').trim();
  return reason ? { reason } : {};
}
