/** Whether somebody cannot receive all that the others publish; `publications`: how many each participant has. */
export function isCrowded(publications: readonly number[], lastN: number): boolean {
  const all = publications.reduce((sum, own) => sum + own, 0);
  return publications.some((own) => all - own > lastN);
}
